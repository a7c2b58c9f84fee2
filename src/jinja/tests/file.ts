import {fstatSync, lstatSync, readFileSync, statSync} from 'node:fs';
import {PythonError} from '../fault.js';
import type {Test, TestTable} from '../filters/filter.js';
import {textArgument} from '../python/argument.js';
import {isInteger} from '../python/number.js';
import {pythonStr} from '../python/text.js';
import type {Value} from '../value.js';

/*
 * These look at files of this side (as in Ansible), and only tell whether they are there: a template learns nothing else of the disk but
 * through a named lookup.
 */

function status(path: Value, follow = true): ReturnType<typeof statSync> | undefined {
	try {
		if (follow && isInteger(path)) return fstatSync(Number(path));
		const name = textArgument(path, 'path');
		return name === '' ? undefined : follow ? statSync(name) : lstatSync(name);
	} catch (fault) {
		if (fault instanceof Error && 'code' in fault) return undefined;
		throw fault;
	}
}

function test(
	summary: string,
	alias: string | undefined,
	example: readonly [string, string],
	holds: (path: Value) => boolean,
): Test {
	return {
		summary,
		signature: 'path',
		ofFiles: true,
		...(alias === undefined ? {} : {aliases: [alias]}),
		example,
		call: (_context, path) => holds(path!),
	};
}

/** Tests of paths on this side. */
export const fileTests: TestTable = {
	directory: test(
		'The path is a directory on this side.',
		'is_dir',
		["'/' is directory", 'True'],
		(path) => status(path)?.isDirectory() ?? false,
	),
	file: test(
		'The path is a regular file on this side.',
		'is_file',
		["'/' is file", 'False'],
		(path) => status(path)?.isFile() ?? false,
	),
	link: test(
		'The path is a symbolic link on this side.',
		'is_link',
		["'/' is link", 'False'],
		(path) => status(path, false)?.isSymbolicLink() ?? false,
	),
	exists: test('The path exists on this side.', undefined, ["'/' is exists", 'True'], (path) => status(path) !== undefined),
	link_exists: test(
		'The path, or a broken link there, exists on this side.',
		undefined,
		["'/' is link_exists", 'True'],
		(path) => status(path, false) !== undefined,
	),
	mount: test('The path is a mount point on this side.', 'is_mount', ["'/' is mount", 'True'], (path) => {
		const own = status(path, false);
		if (!own?.isDirectory()) return false;
		const parent = status(`${textArgument(path, 'path')}/..`);
		return parent !== undefined && (own.dev !== parent.dev || own.ino === parent.ino);
	}),
	same_file: {
		summary: 'Two paths lead to one file on this side.',
		signature: 'f1, f2',
		ofFiles: true,
		aliases: ['is_same_file'],
		example: ["'/' is same_file('/')", 'True'],
		call(_context, a, b) {
			const [one, other] = [status(a!), status(b!)];
			for (const [path, found] of [
				[a!, one],
				[b!, other],
			] as const) {
				if (!found) throw new PythonError('ValueError', `[Errno 2] No such file or directory: '${pythonStr(path)}'`);
			}
			return one!.ino === other!.ino && one!.dev === other!.dev;
		},
	},
	vaulted_file: test('The file on this side is a vault.', undefined, ["'/dev/null' is vaulted_file", 'False'], (path) => {
		try {
			return readFileSync(textArgument(path, 'path')).subarray(0, 14).toString('latin1') === '$ANSIBLE_VAULT';
		} catch (fault) {
			if (fault instanceof Error && 'code' in fault)
				throw new PythonError('ValueError', `Cannot test if the file '${pythonStr(path)}' is a vault.`);
			throw fault;
		}
	}),
};
