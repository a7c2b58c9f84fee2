import {lstatSync, readdirSync, readFileSync, readlinkSync, statSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {type Content, contentOfBytes, contentOfFile} from '../connection/connection.js';
import type {SourceEntry, SourceFiles} from '../modules/modules.js';

/** Gives the clear text of a file that is vault text, undefined for any other. */
export type OpenSealed = (bytes: Buffer) => Buffer | undefined;

/** How files of this side are taken. */
export interface Opening {
	readonly open: OpenSealed;
	/** Links in a folder stand for what they lead to. */
	readonly follow: boolean;
}

/** Opens a file or folder of this side for a module; vault files are opened (`decrypt`). */
export async function openSourceFiles(path: string, name: string, opening: Opening): Promise<SourceFiles> {
	const stat = statSync(path);
	const shared = {path: resolve(path), name, mode: stat.mode & 0o7777};
	if (!stat.isDirectory()) return {...shared, type: 'file', content: await contentOf(path, opening.open), entries: []};
	return {...shared, type: 'directory', content: undefined, entries: await entriesOf(path, '', opening)};
}

/** Everything in a folder, parents first, in order of name. */
async function entriesOf(root: string, below: string, opening: Opening): Promise<SourceEntry[]> {
	const entries: SourceEntry[] = [];
	for (const name of readdirSync(join(root, below)).sort()) {
		const path = below === '' ? name : `${below}/${name}`;
		const full = join(root, path);
		const stat = opening.follow ? (statSync(full, {throwIfNoEntry: false}) ?? lstatSync(full)) : lstatSync(full);
		const mode = stat.mode & 0o7777;
		if (stat.isSymbolicLink()) entries.push({path, type: 'link', mode, target: readlinkSync(full)});
		else if (stat.isDirectory()) entries.push({path, type: 'directory', mode}, ...(await entriesOf(root, path, opening)));
		else entries.push({path, type: 'file', mode, content: await contentOf(full, opening.open)});
	}
	return entries;
}

const vaultMark = Buffer.from('$ANSIBLE_VAULT;');

async function contentOf(path: string, open: OpenSealed): Promise<Content> {
	const content = await contentOfFile(path);
	if (content.size > 10_000_000 || !content.head.subarray(0, vaultMark.length).equals(vaultMark)) return content;
	const clear = open(readFileSync(path));
	return clear ? contentOfBytes(clear) : content;
}
