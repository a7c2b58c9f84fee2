import {existsSync} from 'node:fs';
import {contentOfBytes} from '../../src/connection/connection.js';
import type {SourceFiles} from '../../src/modules/contract.js';
import copy from '../../src/modules/copy.js';
import {runTable} from './laws.js';

function sourceFile(text: string, name = 'src.txt'): SourceFiles {
	return {path: `/here/${name}`, name, type: 'file', mode: 0o751, content: contentOfBytes(text), entries: []};
}

const tree: SourceFiles = {
	path: '/here/tree',
	name: 'tree',
	type: 'directory',
	mode: 0o755,
	content: undefined,
	entries: [
		{path: 'sub', type: 'directory', mode: 0o755},
		{path: 'sub/deep', type: 'directory', mode: 0o755},
		{path: 'sub/file', type: 'file', mode: 0o640, content: contentOfBytes('in sub')},
		{path: 'sub/link', type: 'link', mode: 0o777, target: 'file'},
		{path: 'top', type: 'file', mode: 0o644, content: contentOfBytes('on top')},
	],
};

/** A tree with whatever names and sizes files may have. */
const oddNames = [
	'-x',
	'.dot',
	'$(touch pwned)',
	"it's",
	'a "b"',
	'c\\d',
	'two\nlines',
	'ä',
	'n'.repeat(98),
	'n'.repeat(120),
	'.'.repeat(3),
];
const oddTree: SourceFiles = {
	...tree,
	name: 'tree/',
	entries: [
		{path: 'sub', type: 'directory', mode: 0o755},
		...oddNames.map((name) => ({path: `sub/${name}`, type: 'file', mode: 0o644, content: contentOfBytes(name)}) as const),
		...[0, 1, 511, 512, 513, 70_000, 1_500_000].map(
			(size) =>
				({path: String(size), type: 'file', mode: 0o644, content: contentOfBytes(Buffer.alloc(size, `\0${size}\n`))}) as const,
		),
	],
};

runTable(copy, [
	{
		name: 'writes a text',
		args: {dest: 'DIR/a', content: 'hello\n'},
		after: 'test "$(cat a)" = hello; test "$(stat -c %a a)" = 644',
		result: {
			dest: 'DIR/a',
			checksum: 'f572d396fae9206628714fb2ce00f72e94f2258f',
			md5sum: 'b1946ac92492d2347c6235b4d2611184',
			state: 'file',
			size: 6,
		},
	},
	{
		name: 'shows the difference',
		before: 'echo old >a',
		args: {dest: 'DIR/a', content: 'new\n'},
		after: 'test "$(cat a)" = new',
		diff: ['old\n', 'new\n'],
	},
	{
		name: 'leaves the same text',
		before: 'echo hello >a',
		args: {dest: 'DIR/a', content: 'hello\n'},
		changed: false,
		result: {path: 'DIR/a', state: 'file'},
	},
	{
		name: 'sets the mode alone',
		before: 'echo hello >a',
		args: {dest: 'DIR/a', content: 'hello\n', mode: '0600'},
		after: 'test "$(stat -c %a a)" = 600',
	},
	{
		name: 'keeps the mode of a file that it replaces',
		before: 'echo old >a; chmod 640 a',
		args: {dest: 'DIR/a', content: 'new'},
		after: 'test "$(stat -c %a a)" = 640; test "$(cat a)" = new',
	},
	...['0644', '0640', '0600', '0664', '0666', '0444', '0755', '0711', '04755', '0000'].map((mode) => ({
		name: `makes a file with the mode ${mode}`,
		before: 'umask 027',
		args: {dest: 'DIR/a', content: 'new', mode},
		after: `test "$(stat -c %a a)" = "${mode.replace(/^0{1,3}/, '')}"; test "$(cat a)" = new`,
		result: {mode, size: 3, state: 'file'},
	})),
	...(existsSync('/usr/bin/setfacl') ? ['0644', '0600'] : []).map((mode) => ({
		name: `makes a file with the mode ${mode} whatever the folder gives new files`,
		before: 'setfacl -d -m u::rwx,g::rwx,o::rwx,u:daemon:rwx .',
		args: {dest: 'DIR/a', content: 'new', mode},
		after: `test "$(stat -c %a a)" = ${mode.slice(1)}`,
		result: {mode},
	})),
	{name: 'writes an empty file', args: {dest: 'DIR/a', content: ''}, after: 'test -f a; ! test -s a'},
	{
		name: 'writes a list as JSON',
		args: {dest: 'DIR/a', content: ['é', 1, true, null]},
		after: `test "$(cat a)" = '["\\u00e9", 1, true, null]'`,
	},
	{
		name: 'writes every byte',
		args: {dest: 'DIR/a', src: {...sourceFile(''), content: contentOfBytes(Buffer.from([0, 10, 255, 13, 10, 0]))}},
		after: 'test "$(od -An -tx1 a)" = " 00 0a ff 0d 0a 00"',
	},
	{
		name: 'puts a file into a folder',
		before: 'mkdir d',
		args: {dest: 'DIR/d', src: sourceFile('x')},
		after: 'test "$(cat d/src.txt)" = x',
		result: {dest: 'DIR/d/src.txt'},
	},
	{
		name: 'makes the folders of a dest that ends in a slash',
		args: {dest: 'DIR/d/e/', src: sourceFile('x'), directory_mode: '0700'},
		after: 'test "$(cat d/e/src.txt)" = x; test "$(stat -c %a d)" = 700',
	},
	{
		name: 'preserves the mode of the source',
		args: {dest: 'DIR/a', src: sourceFile('x'), mode: 'preserve'},
		after: 'test "$(stat -c %a a)" = 751',
	},
	{
		name: 'keeps what is there without force',
		before: 'echo old >a',
		args: {dest: 'DIR/a', content: 'new', force: false},
		changed: false,
	},
	{
		name: 'replaces a link',
		before: 'echo old >b; ln -s b a',
		args: {dest: 'DIR/a', content: 'new'},
		after: '! test -L a; test "$(cat b)" = old',
	},
	{
		name: 'follows a link',
		before: 'echo old >b; ln -s b a',
		args: {dest: 'DIR/a', content: 'new', follow: true},
		after: 'test -L a; test "$(cat b)" = new',
	},
	{
		name: 'lays a symbolic mode over that of a file of the host, where one is replaced',
		before: 'echo new >s; chmod 640 s; echo old >a; chmod 604 a',
		args: {src: 'DIR/s', dest: 'DIR/a', remote_src: true, mode: 'u+x'},
		after: 'test "$(stat -c %a a)" = 740',
	},
	{
		name: 'keeps a backup',
		before: 'echo old >a',
		args: {dest: 'DIR/a', content: 'new', backup: true},
		after: 'test "$(cat a.*~)" = old',
	},
	{
		name: 'lets a command look first',
		args: {dest: 'DIR/a.conf', content: 'new', validate: `sh -c 'grep -q new "$1"' x %s`},
		after: 'test "$(cat a.conf)" = new',
	},
	{
		name: 'leaves the old file when the command refuses',
		before: 'echo old >a',
		args: {dest: 'DIR/a', content: 'new', validate: 'grep -q other %s'},
		fails: 'failed to validate',
		failsLate: true,
	},
	{
		name: 'refuses a folder for a text',
		before: 'mkdir a',
		args: {dest: 'DIR/a', content: 'x'},
		fails: 'can not use content with a dir as dest',
	},
	{
		name: 'makes no folders for a dest that is a file',
		args: {dest: 'DIR/no/a', content: 'x'},
		fails: 'Destination directory DIR/no does not exist',
	},
	{
		name: 'takes names as they are',
		args: {dest: 'DIR/-$(touch pwned)\n"\'', content: '$(touch pwned)'},
		after: '! test -e pwned; test "$(cat ./-*)" = "\\$(touch pwned)"',
	},
	{
		name: 'copies a file of the host',
		before: 'echo there >b',
		args: {dest: 'DIR/a', src: 'DIR/b', remote_src: true},
		after: 'cmp a b',
	},
	{
		name: 'refuses a file of the host that is not there',
		args: {dest: 'DIR/a', src: 'DIR/b', remote_src: true},
		fails: 'Source DIR/b not found',
	},
	{
		name: 'copies a folder of the host, following links, modes and all',
		before:
			'mkdir -p b/sub/deep; echo one >b/sub/file; chmod 640 b/sub/file; ln -s sub/file b/link; ln -s sub b/way; chmod 700 b/sub',
		args: {dest: 'DIR/d', src: 'DIR/b', remote_src: true, local_follow: true},
		after:
			'test "$(cat d/b/sub/file d/b/link d/b/way/file | tr "\\n" " ")" = "one one one "; test ! -L d/b/link; test ! -L d/b/way; test -d d/b/sub/deep; test "$(stat -c %a d/b/sub/file)" = 640; test "$(stat -c %a d/b/sub)" = 700',
		trips: 2,
	},
	{
		name: 'copies what is in a folder of the host, links as they are',
		before: 'mkdir -p b/sub; echo one >b/sub/file; ln -s sub/file b/link; ln -s nowhere b/lost',
		args: {dest: 'DIR/d/', src: 'DIR/b/', remote_src: true, local_follow: false},
		after: 'test "$(readlink d/link d/lost | tr "\\n" " ")" = "sub/file nowhere "; test "$(cat d/link)" = one',
		trips: 2,
	},
	{
		name: 'mends one file of a folder of the host and leaves what is beside it',
		before: 'mkdir -p b d/b; echo one >b/x; echo two >b/y; echo one >d/b/x; echo other >d/b/y; echo own >d/b/z',
		args: {dest: 'DIR/d', src: 'DIR/b', remote_src: true, local_follow: true},
		after: 'test "$(cat d/b/x d/b/y d/b/z | tr "\\n" " ")" = "one two own "',
		trips: 2,
	},
	{
		name: 'finds a folder of the host copied',
		before: 'mkdir -p b/sub d; echo one >b/sub/x; cp -R b d/b',
		args: {dest: 'DIR/d', src: 'DIR/b', remote_src: true, local_follow: true},
		changed: false,
		trips: 2,
	},
	{
		name: 'takes names in a folder of the host as they are',
		before: `mkdir -p b; echo one >"b/-x $(touch pwned)"`,
		args: {dest: 'DIR/d', src: 'DIR/b', remote_src: true, local_follow: true},
		after: '! test -e pwned; test "$(cat d/b/-x*)" = one',
		trips: 2,
	},
	{
		name: 'copies a tree',
		args: {dest: 'DIR/d', src: tree, mode: '0600'},
		after:
			'test "$(cat d/tree/sub/link d/tree/top)" = "in subon top"; test -d d/tree/sub/deep; test "$(stat -c %a d/tree/top)" = 600',
	},
	{
		name: 'copies what is in a tree',
		before: 'mkdir d',
		args: {dest: 'DIR/d', src: {...tree, name: 'tree/'}},
		after: 'test "$(cat d/sub/link d/top)" = "in subon top"',
	},
	{
		name: 'copies what differs of a tree',
		before: 'mkdir -p d/sub/deep; printf old >d/top; printf "in sub" >d/sub/file; ln -s file d/sub/link',
		args: {dest: 'DIR/d/', src: {...tree, name: 'tree/'}},
		after: 'test "$(cat d/top)" = "on top"',
	},
	{
		name: 'leaves owners and modes of what is written anew, and sets what it is told',
		before:
			'mkdir -p d/sub; echo old >d/top; echo old >d/sub/file; chmod 4751 d/top; chmod 600 d/sub/file; ln d/top other; ln -s sub/file d/link',
		args: {dest: 'DIR/d/', src: {...tree, name: 'tree/'}, owner: '0'},
		after:
			'test "$(cat d/top)$(cat d/sub/file)" = "on topin sub"; test "$(stat -c %a d/top d/sub/file)" = "$(printf "4751\\n600")"; test "$(cat other)" = old; ! ls -A d d/sub | grep playbill',
	},
	{
		name: 'writes files of a tree where links stand, and not what these lead to',
		before: 'mkdir -p d/sub away; echo old >away/top; ln -s ../away/top d/top; ln -s ../../away d/sub/file',
		args: {dest: 'DIR/d/', src: {...tree, name: 'tree/'}},
		after:
			'test ! -L d/top; test ! -L d/sub/file; test "$(cat d/top)$(cat d/sub/file)" = "on topin sub"; test "$(cat away/top)" = old; test "$(ls away)" = top',
	},
	{
		name: 'copies a tree with whatever names and sizes',
		args: {dest: 'DIR/d', src: oddTree},
		after: `test "$(ls -A d | wc -l)" = 8; test "$(ls -A d/sub | grep -c .)" = ${oddNames.length + 1}; ! test -e pwned; test "$(cat d/sub/-x)" = -x; test "$(wc -c <d/70000)" = 70000; test -z "$(cat d/0)"; ! ls -A d d/sub | grep playbill`,
	},
	{
		name: 'copies a tree of the host with whatever names and sizes',
		before:
			'mkdir -p "b/$(touch pwned)"; echo 1 >b/-x; : >b/.empty; head -c 100000 /dev/zero >b/big; echo 2 >"b/$(touch pwned)/a b"; chmod 640 b/-x; mkdir d; echo old >d/big',
		args: {dest: 'DIR/d', src: 'DIR/b/', remote_src: true, local_follow: true},
		after: 'diff -r b d; ! test -e pwned; test "$(stat -c %a d/-x)" = 640',
		trips: 2,
	},
	{
		name: 'tells of an owner that is not there',
		before: 'mkdir d',
		args: {
			dest: 'DIR/d/',
			src: {
				...tree,
				name: 'tree/',
				entries: tree.entries
					.filter(({type}) => type === 'file')
					.map((entry) => ({...entry, path: entry.path.replace('/', '-')})),
			},
			owner: 'nobody-at-all',
		},
		fails: 'chown failed: failed to look up user nobody-at-all',
		failsLate: true,
	},
	{
		name: 'finds a tree as it is',
		before: 'mkdir -p d/sub/deep; printf "on top" >d/top; printf "in sub" >d/sub/file; ln -s file d/sub/link',
		args: {dest: 'DIR/d/', src: {...tree, name: 'tree/'}},
		changed: false,
	},
]);
