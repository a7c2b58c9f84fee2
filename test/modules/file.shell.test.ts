import file from '../../src/modules/file.js';
import {runTable} from './laws.js';

const me = process.getuid?.() ?? 0;

runTable(file, [
	{name: 'makes a folder', args: {path: 'DIR/a', state: 'directory', mode: '0750'}, after: 'test "$(stat -c %a a)" = 750'},
	{
		name: 'makes the folders above with the same mode',
		args: {path: 'DIR/a/b/c', state: 'directory', mode: '0700'},
		after: 'test "$(stat -c %a a a/b a/b/c | tr "\\n" ,)" = 700,700,700,',
	},
	{
		name: 'leaves a folder as it is',
		before: 'mkdir -m 755 a',
		args: {path: 'DIR/a/', state: 'directory', mode: '0755'},
		changed: false,
	},
	{
		name: 'takes the setgid bit off a folder',
		before: 'mkdir a; chmod 2755 a',
		args: {path: 'DIR/a', state: 'directory', mode: '0755'},
		after: 'test "$(stat -c %a a)" = 755',
	},
	{
		name: 'makes a folder behind a dangling link',
		before: 'ln -s real a',
		args: {path: 'DIR/a', state: 'directory'},
		after: 'test -L a; test -d real',
	},
	{
		name: 'refuses a folder where a file is',
		before: ': >a',
		args: {path: 'DIR/a', state: 'directory'},
		fails: 'DIR/a already exists as a file',
	},
	{
		name: 'sets a mode written as a number',
		before: ': >a',
		args: {path: 'DIR/a', mode: 0o600},
		after: 'test "$(stat -c %a a)" = 600',
		diff: ['{\n    "mode": "0644",\n    "path": "DIR/a"\n}\n', '{\n    "mode": "0600",\n    "path": "DIR/a"\n}\n'],
	},
	{
		name: 'sets a symbolic mode',
		before: ': >a; chmod 751 a',
		args: {path: 'DIR/a', mode: 'u=rwX,g-x,o='},
		after: 'test "$(stat -c %a a)" = 740',
	},
	{
		name: 'refuses a mode that is none',
		before: ': >a',
		args: {path: 'DIR/a', mode: 'rw-r--r--'},
		fails: 'mode must be in octal or symbolic form',
	},
	{
		name: 'refuses a file that is not there',
		args: {path: 'DIR/a', state: 'file'},
		fails: 'file (DIR/a) is absent, cannot continue',
	},
	{
		name: 'removes a file',
		before: ': >a',
		args: {path: 'DIR/a', state: 'absent'},
		after: '! test -e a',
		result: {path: 'DIR/a', state: 'absent'},
	},
	{name: 'removes a tree', before: 'mkdir -p a/b; : >a/b/c', args: {path: 'DIR/a', state: 'absent'}, after: '! test -e a'},
	{
		name: 'removes a link and not what it leads to',
		before: ': >b; ln -s b a',
		args: {path: 'DIR/a', state: 'absent'},
		after: '! test -L a; test -e b',
	},
	{name: 'has nothing to remove', args: {path: 'DIR/a', state: 'absent'}, changed: false},
	{
		name: 'makes a link',
		before: ': >b',
		args: {path: 'DIR/a', src: 'b', state: 'link'},
		after: 'test "$(readlink a)" = b',
		result: {dest: 'DIR/a', src: 'b', state: 'link'},
	},
	{
		name: 'points a link to a folder elsewhere',
		before: 'mkdir b c; ln -s b a',
		args: {path: 'DIR/a', src: 'c', state: 'link'},
		after: 'test "$(readlink a)" = c; test -z "$(ls b)"',
	},
	{name: 'keeps a link', before: ': >b; ln -s b a', args: {path: 'DIR/a', src: 'b', state: 'link'}, changed: false},
	{
		name: 'refuses a link to nothing',
		args: {path: 'DIR/a', src: 'b', state: 'link'},
		fails: "src file does not exist, use 'force=yes' if you really want to create the link: DIR/b",
	},
	{name: 'forces a link to nothing', args: {path: 'DIR/a', src: 'b', state: 'link', force: true}, after: 'test -L a'},
	{
		name: 'refuses to make a link of a file',
		before: ': >a; : >b',
		args: {path: 'DIR/a', src: 'b', state: 'link'},
		fails: 'refusing to convert from file to symlink for DIR/a',
	},
	{name: 'makes a hard link', before: ': >b', args: {path: 'DIR/a', src: 'DIR/b', state: 'hard'}, after: 'test a -ef b'},
	{name: 'keeps a hard link', before: ': >b; ln b a', args: {path: 'DIR/a', src: 'DIR/b', state: 'hard'}, changed: false},
	{
		name: 'touches a new file',
		args: {path: 'DIR/a', state: 'touch', mode: '0640'},
		after: 'test -f a; test "$(stat -c %a a)" = 640',
		restless: true,
	},
	{
		name: 'touches a file there is',
		before: 'touch -t 200001010000 a',
		args: {path: 'DIR/a', state: 'touch'},
		after: 'test -n "$(find a -mmin -5)"',
		restless: true,
	},
	{
		name: 'sets a time',
		before: ': >a',
		args: {path: 'DIR/a', state: 'touch', modification_time: '202001020304.05', access_time: 'preserve'},
		after: 'test "$(stat -c %y a | cut -c1-19)" = "2020-01-02 03:04:05"',
	},
	{
		name: 'keeps a file whose times it preserves',
		before: ': >a',
		args: {path: 'DIR/a', state: 'touch', modification_time: 'preserve', access_time: 'preserve'},
		changed: false,
	},
	{
		name: 'sets the modes of a whole tree',
		before: 'mkdir -p a/b; : >a/f; : >a/b/g; chmod 666 a/f a/b/g; chmod 777 a a/b',
		args: {path: 'DIR/a', state: 'directory', mode: 'u=rwX,g=rX,o=', recurse: true},
		after: 'test "$(stat -c %a a a/b a/f a/b/g | tr "\\n" ,)" = 750,750,640,640,',
	},
	{
		name: 'finds a whole tree as it shall be',
		before: 'mkdir -p a/b; : >a/b/g; chmod 750 a a/b; chmod 640 a/b/g',
		args: {path: 'DIR/a', state: 'directory', mode: 'u=rwX,g=rX,o=', recurse: true},
		changed: false,
	},
	{
		name: 'takes names as they are',
		args: {path: 'DIR/-$(touch pwned) "\'\n x', state: 'directory'},
		after: '! test -e pwned; test "$(ls | wc -l)" = 2',
	},
	{name: 'sets an owner by id', before: ': >a', args: {path: 'DIR/a', owner: String(me)}, changed: false},
	{
		name: 'refuses an owner that is not there',
		before: ': >a',
		args: {path: 'DIR/a', owner: 'no-such-user'},
		fails: 'chown failed: failed to look up user no-such-user',
		failsLate: true,
	},
]);
