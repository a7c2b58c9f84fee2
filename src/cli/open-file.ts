import {readFileSync} from 'node:fs';
import {DiagnosticError, SourceFile} from '../source/source.js';
import {isVaultText, openVault, VaultError, type VaultSecrets} from '../vault/vault.js';

/** A file of this side; vault files are opened. Throws a `DiagnosticError` when it cannot be read, is not UTF-8, or stays shut. */
export function openFile(path: string, vault: VaultSecrets): SourceFile {
	const text = decode(path, read(path));
	if (!isVaultText(text)) return new SourceFile(path, text);
	try {
		return new SourceFile(path, openVault(text, vault), {isSealed: true});
	} catch (error) {
		if (!(error instanceof VaultError)) throw error;
		const file = new SourceFile(path, text);
		throw new DiagnosticError({
			severity: 'error',
			code: error.kind === 'damaged' ? 'vault/damaged' : 'vault/no-secret',
			message: 'this file is encrypted and cannot be opened',
			labels: [{span: {file, start: 0, end: file.line(1).length}}],
			notes: [error.message],
			ansible: error.message,
		});
	}
}

function read(path: string): Buffer {
	try {
		return readFileSync(path);
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code;
		throw new DiagnosticError({
			severity: 'error',
			code: code === 'ENOENT' ? 'file/not-found' : 'file/unreadable',
			message: code === 'ENOENT' ? `there is no file \`${path}\`` : `\`${path}\` cannot be read`,
			labels: [],
			...(code === 'ENOENT' ? {} : {notes: [(error as Error).message]}),
			ansible: `Unable to read the file '${path}'.`,
		});
	}
}

/** Names are bytes to the host and text here: what is not UTF-8 would change silently, so it is refused with its place. */
function decode(path: string, bytes: Buffer): string {
	const text = bytes.toString('utf8');
	const at = text.indexOf('\uFFFD');
	if (at === -1 || bytes.equals(Buffer.from(text))) return text.replace(/^\uFEFF/, '');
	throw new DiagnosticError({
		severity: 'error',
		code: 'file/unreadable',
		message: 'this file is not UTF-8 text',
		labels: [{span: {file: new SourceFile(path, text), start: at, end: at + 1}}],
		help: 'convert it, for instance by `iconv -f latin1 -t utf-8`',
		ansible: `'utf-8' codec can't decode the file '${path}'.`,
	});
}
