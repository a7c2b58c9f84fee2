import {ModuleFailure} from '../contract.js';
import type {ArchiveEntry} from './listing.js';

/** Which entries are unpacked, and under which names. */
export interface Selection {
	readonly exclude: readonly string[];
	readonly include: readonly string[];
	readonly extra_opts: readonly string[];
}

/** Options of tar that change nothing of what is unpacked here. */
const harmless =
	/^(-p|-o|-v|-q|-o|--same-permissions|--preserve-permissions|--no-same-owner|--same-owner|--numeric-owner|--overwrite|--verbose|--warning=.*|--no-overwrite-dir|--touch|-m)$/;

/** The entries that `include`, `exclude` and `--strip-components` leave, with the folders that only their names imply. */
export function selectEntries(
	entries: readonly ArchiveEntry[],
	{exclude, include, extra_opts}: Selection,
): readonly ArchiveEntry[] {
	const strip = stripCount(extra_opts);
	const chosen = entries
		.filter(({name}) => include.length === 0 || include.some((pattern) => matches(name, pattern)))
		.filter(({name}) => !exclude.some((pattern) => matchesAnywhere(name, pattern)))
		.map((entry) => ({...entry, name: entry.name.split('/').slice(strip).join('/')}))
		.filter(({name}) => name !== '');
	const byName = new Map<string, ArchiveEntry>();
	for (const entry of chosen) {
		const parts = entry.name.split('/');
		for (let depth = 1; depth < parts.length; depth++) {
			const name = parts.slice(0, depth).join('/');
			if (!byName.has(name)) byName.set(name, {name, type: 'directory', mode: 0o755, mtime: entry.mtime, bytes: Buffer.alloc(0)});
		}
		byName.set(entry.name, entry);
	}
	return [...byName.values()];
}

function stripCount(options: readonly string[]): number {
	let strip = 0;
	for (const [index, option] of options.entries()) {
		const [, digits] = /^--strip(?:-components)?(?:=(\d+))?$/.exec(option) ?? [];
		if (digits !== undefined) strip = Number(digits);
		else if (/^--strip(-components)?$/.test(option)) strip = Number(options[index + 1]);
		else if (!harmless.test(option) && !/^--strip(-components)?$/.test(options[index - 1] ?? '')) {
			throw new ModuleFailure(
				`the option ${option} of extra_opts is not offered for archives of this side; copy the archive and use remote_src`,
			);
		}
	}
	if (!Number.isInteger(strip)) throw new ModuleFailure('--strip-components wants a number');
	return strip;
}

/** A member, or what lies in it. */
function matches(name: string, pattern: string): boolean {
	return glob(pattern).test(name);
}

/** tar's `--exclude`: the pattern may begin at any part of the name. */
function matchesAnywhere(name: string, pattern: string): boolean {
	return name.split('/').some((_, depth, parts) => matches(parts.slice(depth).join('/'), pattern));
}

function glob(pattern: string): RegExp {
	const bare = pattern.replace(/^\.\//, '').replace(/\/+$/, '');
	const body = bare.replace(/\[!?[^\]]+\]|[\s\S]/gu, (part) => {
		if (part === '*') return '.*';
		if (part === '?') return '.';
		if (part.length > 1 && part.startsWith('[')) return part.replace('[!', '[^');
		return part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
	});
	return new RegExp(`^${body}(/.*)?$`, 'su');
}
