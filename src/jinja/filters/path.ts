import {typeError, valueError} from '../fault.js';
import {textArgument} from '../python/argument.js';
import {textOf} from '../python/compare.js';
import {isSequence, iterate} from '../python/iterate.js';
import {typeName} from '../python/type-name.js';
import {Tuple, type Value} from '../value.js';
import type {FilterTable} from './filter.js';

function pathText(value: Value): string {
	const text = textOf(value);
	if (text === undefined) throw typeError(`expected str, bytes or os.PathLike object, not ${typeName(value)}`);
	return text;
}

/** Python's `posixpath.normpath`. */
export function normalizePath(path: string): string {
	if (path === '') return '.';
	const slashes = path.startsWith('//') && !path.startsWith('///') ? '//' : path.startsWith('/') ? '/' : '';
	const parts: string[] = [];
	for (const part of path.split('/')) {
		if (part === '' || part === '.') continue;
		if (part !== '..' || (!slashes && !parts.length) || parts.at(-1) === '..') parts.push(part);
		else parts.pop();
	}
	return slashes + parts.join('/') || '.';
}

function joinPaths(paths: readonly Value[]): string {
	if (!paths.length) throw typeError("join() missing 1 required positional argument: 'a'");
	return paths
		.map(pathText)
		.reduce((path, part) => (part.startsWith('/') || path === '' ? part : path.endsWith('/') ? path + part : `${path}/${part}`));
}

function dirname(path: string): string {
	const head = path.slice(0, path.lastIndexOf('/') + 1);
	return /^\/*$/.test(head) ? head : head.replace(/\/+$/, '');
}

/** Windows' drive (`C:`, `\\host\share`) and the rest. */
function splitDrive(path: string): [string, string] {
	const slashes = path.replaceAll('/', '\\');
	if (slashes.startsWith('\\\\')) {
		const host = slashes.indexOf('\\', slashes.toUpperCase().startsWith('\\\\?\\UNC\\') ? 8 : 2);
		const share = host === -1 ? -1 : slashes.indexOf('\\', host + 1);
		return share === -1 ? [path, ''] : [path.slice(0, share), path.slice(share)];
	}
	return path[1] === ':' ? [path.slice(0, 2), path.slice(2)] : ['', path];
}

function splitWindows(path: string): [string, string] {
	const [drive, rest] = splitDrive(path);
	const at = Math.max(rest.lastIndexOf('\\'), rest.lastIndexOf('/')) + 1;
	const head = rest.slice(0, at);
	return [drive + (/^[\\/]*$/.test(head) ? head : head.replace(/[\\/]+$/, '')), rest.slice(at)];
}

/** Ansible's filters on paths; none of them looks at a file. */
export const pathFilters: FilterTable = {
	basename: {
		summary: 'The last part of a path.',
		signature: 'path',
		example: ["'/a/b.c' | basename", "'b.c'"],
		call: (_context, path) => pathText(path!).slice(pathText(path!).lastIndexOf('/') + 1),
	},
	dirname: {
		summary: 'A path without its last part.',
		signature: 'path',
		example: ["'/a/b.c' | dirname", "'/a'"],
		call: (_context, path) => dirname(pathText(path!)),
	},
	commonpath: {
		summary: 'The longest path that some paths begin with.',
		signature: 'paths',
		example: ["['/a/b', '/a/c'] | commonpath", "'/a'"],
		call(_context, paths) {
			if (!isSequence(paths!)) throw typeError(`|commonpath expects sequence, got <class '${typeName(paths!)}'> instead.`);
			const all = iterate(paths).map(pathText);
			if (!all.length) throw valueError('commonpath() arg is an empty sequence');
			if (new Set(all.map((path) => path.startsWith('/'))).size > 1) throw valueError("Can't mix absolute and relative paths");
			const split = all.map((path) => path.split('/').filter((part) => part !== '' && part !== '.'));
			const first = split[0]!;
			let length = 0;
			while (length < first.length && split.every((parts) => parts[length] === first[length])) length++;
			return (all[0]!.startsWith('/') ? '/' : '') + first.slice(0, length).join('/');
		},
	},
	normpath: {
		summary: 'A path without `.`, `..` and doubled slashes.',
		signature: 'path',
		example: ["'/a/../b//c' | normpath", "'/b/c'"],
		call: (_context, path) => normalizePath(pathText(path!)),
	},
	path_join: {
		summary: 'Joins the parts of a path.',
		signature: 'paths',
		example: ["['a', 'b'] | path_join", "'a/b'"],
		call(_context, paths) {
			const text = textOf(paths!);
			if (text !== undefined) return text;
			if (!isSequence(paths!))
				throw typeError(`|path_join expects string or sequence, got <class '${typeName(paths!)}'> instead.`);
			return joinPaths(iterate(paths));
		},
	},
	relpath: {
		summary: 'A path as seen from a directory.',
		signature: "path, start='.'",
		example: ["'/a/b' | relpath('/a/c')", "'../b'"],
		call(context, path, start) {
			if (pathText(path!) === '') throw valueError('no path specified');
			const [parts, base] = [pathText(path!), start === null ? '.' : textArgument(start!, 'start')].map((one) => {
				const absolute = one.startsWith('/') ? one : `${context.workingDirectory}/${one}`;
				return normalizePath(absolute).split('/').filter(Boolean);
			}) as [string[], string[]];
			let shared = 0;
			while (shared < parts.length && shared < base.length && parts[shared] === base[shared]) shared++;
			return [...base.slice(shared).map(() => '..'), ...parts.slice(shared)].join('/') || '.';
		},
	},
	splitext: {
		summary: 'A path without its extension, and the extension.',
		signature: 'path',
		example: ["'a.tar.gz' | splitext", "['a.tar', '.gz']"],
		call(_context, path) {
			const text = pathText(path!);
			const name = text.slice(text.lastIndexOf('/') + 1);
			const dot = name.lastIndexOf('.');
			if (dot === -1 || /^\.*$/.test(name.slice(0, dot))) return new Tuple([text, '']);
			const at = text.length - name.length + dot;
			return new Tuple([text.slice(0, at), text.slice(at)]);
		},
	},
	win_basename: {
		summary: 'The last part of a Windows path.',
		signature: 'path',
		example: ["'C:/a/b' | win_basename", "'b'"],
		call: (_context, path) => splitWindows(pathText(path!))[1],
	},
	win_dirname: {
		summary: 'A Windows path without its last part.',
		signature: 'path',
		example: ["'C:/a/b' | win_dirname", "'C:/a'"],
		call: (_context, path) => splitWindows(pathText(path!))[0],
	},
	win_splitdrive: {
		summary: 'The drive of a Windows path, and the rest.',
		signature: 'path',
		example: ["'C:/a' | win_splitdrive", "['C:', '/a']"],
		call: (_context, path) => new Tuple(splitDrive(pathText(path!))),
	},
};
