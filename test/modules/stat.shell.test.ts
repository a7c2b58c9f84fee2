import test from 'ava';
import {Dict} from '../../src/jinja/jinja.js';
import slurp from '../../src/modules/slurp.js';
import stat from '../../src/modules/stat.js';
import {runTable} from './laws.js';

runTable(stat, [
	{name: 'sees nothing', args: {path: 'DIR/a'}, changed: false, result: {stat: Dict.from([['exists', false]])}},
	{name: 'sees a file', before: 'echo hello >a', args: {path: 'DIR/a'}, changed: false},
	{
		name: 'sees a link to nothing',
		before: 'ln -s b a',
		args: {path: 'DIR/a', follow: true},
		changed: false,
		result: {stat: Dict.from([['exists', false]])},
	},
	{
		name: 'sees a link that leads below itself',
		before: 'ln -s "$PWD/a/b" a',
		args: {path: 'DIR/a', follow: true},
		changed: false,
		result: {stat: Dict.from([['exists', false]])},
	},
	{
		name: 'sees links that lead to each other',
		before: 'ln -s a b; ln -s b a',
		args: {path: 'DIR/a', follow: true},
		changed: false,
		result: {stat: Dict.from([['exists', false]])},
	},
	{
		name: 'takes names as they are',
		before: ": >'$(touch pwned)\n\"'",
		args: {path: 'DIR/$(touch pwned)\n"', checksum_algorithm: 'sha256'},
		changed: false,
		after: '! test -e pwned',
	},
]);

runTable(slurp, [
	{
		name: 'gives the bytes',
		before: 'printf "a\\0\\377" >f',
		args: {src: 'DIR/f'},
		changed: false,
		result: {content: 'YQD/', encoding: 'base64', source: 'DIR/f'},
	},
	{name: 'gives the bytes of what the kernel makes', args: {src: '/proc/self/mounts'}, changed: false},
	{name: 'refuses what is not there', args: {src: 'DIR/f'}, fails: 'File not found: DIR/f'},
	{name: 'refuses a folder', args: {src: 'DIR'}, fails: 'Source is a directory and must be a file: DIR'},
]);

test('stat tells what Ansible tells of a file', (t) => {
	const report = stat.report!(
		{...argsOf('/f'), get_mime: false, get_attributes: false},
		{before: {path: state}, after: {path: state}, impulses: []},
		[],
	);
	const seen = Object.fromEntries([...(report['stat'] as Dict).entries()]);
	t.like(seen, {
		exists: true,
		path: '/f',
		mode: '4755',
		isreg: true,
		isdir: false,
		isuid: true,
		wusr: true,
		woth: false,
		checksum: 'abc',
		pw_name: 'root',
		nlink: 1,
		size: 3,
	});
});

const argsOf = (path: string) => ({
	path,
	follow: false,
	get_checksum: true,
	get_mime: true,
	get_attributes: true,
	checksum_algorithm: 'sha1',
});
const state = {
	type: 'file',
	path: '/f',
	mode: 0o4755,
	uid: 0,
	gid: 0,
	owner: 'root',
	group: 'root',
	size: 3,
	sha1: 'abc',
	links: 1,
	readable: true,
} as const;
