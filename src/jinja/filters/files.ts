import {lstatSync, readdirSync, readFileSync, readlinkSync, statSync} from 'node:fs';
import {typeError} from '../fault.js';
import {textOf} from '../python/compare.js';
import {typeName} from '../python/type-name.js';
import type {Value} from '../value.js';
import type {FilterTable, PluginContext} from './filter.js';
import {normalizePath} from './path.js';

/*
 * Filters whose result depends on this side: its environment and which files there are. They tell no file's content.
 */

function pathText(value: Value): string {
	const text = textOf(value);
	if (text === undefined) throw typeError(`expected str, bytes or os.PathLike object, not ${typeName(value)}`);
	return text;
}

function absolute(context: PluginContext, path: string): string {
	return path.startsWith('/') ? path : `${context.workingDirectory}/${path}`;
}

/** The home of a user by the system's list. */
function homeOf(user: string): string | undefined {
	try {
		const line = readFileSync('/etc/passwd', 'utf8')
			.split('\n')
			.find((one) => one.startsWith(`${user}:`));
		return line?.split(':')[5];
	} catch {
		return undefined;
	}
}

/** A path with its links followed; what does not exist stays as it is. */
function realPath(path: string, depth = 0): string {
	let real = '';
	const rest = path.split('/').filter((part) => part !== '' && part !== '.');
	while (rest.length) {
		const part = rest.shift()!;
		if (part === '..') {
			real = real.slice(0, Math.max(0, real.lastIndexOf('/')));
			continue;
		}
		const next = `${real}/${part}`;
		const target = depth < 40 ? linkTarget(next) : undefined;
		if (target === undefined) real = next;
		else return realPath([target.startsWith('/') ? target : `${real}/${target}`, ...rest].join('/'), depth + 1);
	}
	return real || '/';
}

function linkTarget(path: string): string | undefined {
	try {
		return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
	} catch {
		return undefined;
	}
}

/** The regular files that a shell pattern means, sorted; hidden ones only when the pattern says so. */
function globFiles(pattern: string, directory: string): string[] {
	let found = [''];
	const parts = pattern.split('/');
	for (const [index, part] of parts.entries()) {
		const separator = index < parts.length - 1 ? '/' : '';
		found = /[*?[]/.test(part)
			? found.flatMap((base) =>
					matchingNames(part, base.startsWith('/') ? base : `${directory}/${base}`).map((name) => base + name + separator),
				)
			: found.map((base) => base + part + separator);
	}
	return found.filter((path) => isFile(path.startsWith('/') ? path : `${directory}/${path}`)).sort();
}

function matchingNames(pattern: string, directory: string): string[] {
	const source = pattern.replace(/\[!?\]?[^\]]*\]|[\s\S]/g, (part) => {
		if (part === '*') return '.*';
		if (part === '?') return '.';
		if (part.length > 1) return `[${part.slice(1, -1).replace(/^!/, '^').replace(/[\\[]/g, '\\$&')}]`;
		return part.replace(/[\\^$.+()[\]{}|]/, '\\$&');
	});
	let names: string[];
	try {
		names = readdirSync(directory);
	} catch {
		return [];
	}
	const regex = new RegExp(`^${source}$`, 's');
	return names.filter((name) => regex.test(name) && (!name.startsWith('.') || pattern.startsWith('.')));
}

function isFile(path: string): boolean {
	try {
		return statSync(path).isFile();
	} catch {
		return false;
	}
}

export const fileFilters: FilterTable = {
	expanduser: {
		summary: "A path with the home directory of this side's user (or another) for `~`.",
		signature: 'path',
		ofFiles: true,
		example: ["'/a/~' | expanduser", "'/a/~'"],
		call(context, path) {
			const text = pathText(path!);
			const user = /^~([^/]*)/.exec(text);
			if (!user) return text;
			const home = user[1] ? homeOf(user[1]) : context.environment('HOME');
			return home === undefined ? text : home.replace(/\/+$/, '') + text.slice(user[0].length) || '/';
		},
	},
	expandvars: {
		summary: "A text with the variables of this side's environment for `$NAME` and `${NAME}`.",
		signature: 'path',
		example: ["'a$' | expandvars", "'a$'"],
		call: (context, path) =>
			pathText(path!).replace(/\$(?:(\w+)|\{([^}]*)\})/g, (whole, name?: string, braced?: string) => {
				return context.environment(name ?? braced!) ?? whole;
			}),
	},
	realpath: {
		summary: 'A path on this side with its links followed.',
		signature: 'path',
		ofFiles: true,
		example: ["'/../.' | realpath", "'/'"],
		call: (context, path) => realPath(absolute(context, pathText(path!))),
	},
	fileglob: {
		summary: 'The files of this side that a shell pattern means, sorted.',
		signature: 'pathname',
		ofFiles: true,
		example: ["'/nowhere/*' | fileglob", '[]'],
		call: (context, pattern) => globFiles(pathText(pattern!), normalizePath(context.workingDirectory)),
	},
};
