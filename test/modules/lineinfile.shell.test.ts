import lineinfile from '../../src/modules/lineinfile.js';
import {runTable} from './laws.js';

const before = 'printf "one\\ntwo\\nthree\\n" >f; chmod 640 f';

runTable(lineinfile, [
	{
		name: 'adds a line at the end',
		before,
		args: {path: 'DIR/f', line: 'four'},
		after: 'test "$(tail -n 1 f)" = four; test "$(stat -c %a f)" = 640',
		result: {msg: 'line added', backup: ''},
		diff: ['one\ntwo\nthree\n', 'one\ntwo\nthree\nfour\n'],
	},
	{name: 'finds the line', before, args: {path: 'DIR/f', line: 'two'}, changed: false, result: {msg: ''}},
	{
		name: 'replaces what matches',
		before,
		args: {path: 'DIR/f', regexp: '^tw', line: '2'},
		after: 'test "$(tr "\\n" , <f)" = one,2,three,',
		result: {msg: 'line replaced'},
	},
	{
		name: 'replaces the last match',
		before,
		args: {path: 'DIR/f', regexp: 't', line: 'x'},
		after: 'test "$(tr "\\n" , <f)" = one,two,x,',
		restless: true,
	},
	{
		name: 'replaces the first match',
		before,
		args: {path: 'DIR/f', regexp: '^t', line: 'two!', firstmatch: true},
		after: 'test "$(tr "\\n" , <f)" = one,two!,three,',
	},
	{
		name: 'replaces what contains a text',
		before,
		args: {path: 'DIR/f', search_string: 'wo', line: 'two.'},
		after: 'test "$(tr "\\n" , <f)" = one,two.,three,',
	},
	{
		name: "knows Python's anchors",
		before,
		args: {path: 'DIR/f', regexp: '^(?P<word>two)$', line: 'x\\g<word>', backrefs: true},
		after: 'test "$(tr "\\n" , <f)" = one,xtwo,three,',
	},
	{
		name: 'does nothing when backrefs match nothing',
		before,
		args: {path: 'DIR/f', regexp: '^(four)$', line: '\\1', backrefs: true},
		changed: false,
	},
	{
		name: 'goes after a match',
		before,
		args: {path: 'DIR/f', insertafter: '^one', line: 'and'},
		after: 'test "$(tr "\\n" , <f)" = one,and,two,three,',
	},
	{
		name: 'goes before a match',
		before,
		args: {path: 'DIR/f', insertbefore: '^two', line: 'and'},
		after: 'test "$(tr "\\n" , <f)" = one,and,two,three,',
	},
	{
		name: 'goes to the front',
		before,
		args: {path: 'DIR/f', insertbefore: 'BOF', line: 'zero'},
		after: 'test "$(head -n 1 f)" = zero',
	},
	{
		name: 'ends the last line first',
		before: 'printf one >f',
		args: {path: 'DIR/f', line: 'two'},
		after: 'test "$(tr "\\n" , <f)" = one,two,',
	},
	{
		name: 'makes the file and its folder',
		args: {path: 'DIR/d/f', line: 'x', create: true, mode: '0600'},
		after: 'test "$(cat d/f)" = x; test "$(stat -c %a d/f)" = 600',
	},
	{
		name: 'makes the file and the folders above it',
		args: {path: 'DIR/d/e/g/f', line: 'x', create: true},
		after: 'test "$(cat d/e/g/f)" = x; test "$(stat -c %a d)" = "$(stat -c %a d/e/g)"',
	},
	{name: 'refuses a file that is not there', args: {path: 'DIR/f', line: 'x'}, fails: 'Destination DIR/f does not exist !'},
	{name: 'refuses a folder', args: {path: 'DIR', line: 'x'}, fails: 'Path DIR is a directory !'},
	{name: 'wants a line', before, args: {path: 'DIR/f'}, fails: 'line is required with state=present'},
	{
		name: 'removes what matches',
		before,
		args: {path: 'DIR/f', regexp: '^t', state: 'absent'},
		after: 'test "$(cat f)" = one',
		result: {found: 2, msg: '2 line(s) removed'},
	},
	{
		name: 'has nothing to remove',
		before,
		args: {path: 'DIR/f', line: 'four', state: 'absent'},
		changed: false,
		result: {found: 0},
	},
	{
		name: 'has no file to remove from',
		args: {path: 'DIR/f', line: 'four', state: 'absent'},
		changed: false,
		result: {msg: 'file not present'},
	},
	{
		name: 'edits what a link leads to',
		before: `${before}; ln -s f l`,
		args: {path: 'DIR/l', line: 'four'},
		after: 'test -L l; test "$(tail -n 1 f)" = four',
	},
	{name: 'keeps a backup', before, args: {path: 'DIR/f', line: 'four', backup: true}, after: 'test "$(tail -n 1 f.*~)" = three'},
	{
		name: 'sets the mode alone',
		before,
		args: {path: 'DIR/f', line: 'two', mode: '0644'},
		after: 'test "$(stat -c %a f)" = 644',
		result: {msg: 'ownership, perms or SE linux context changed'},
	},
	{
		name: 'leaves the file when the command refuses',
		before,
		args: {path: 'DIR/f', line: 'x', validate: 'grep -q y %s'},
		fails: 'failed to validate: rc:1 error:',
		failsLate: true,
	},
	{
		name: 'takes lines as they are',
		before,
		args: {path: 'DIR/f', line: '$(touch pwned) `id` \\n "\''},
		after: '! test -e pwned; test "$(tail -n 1 f)" = "\\$(touch pwned) \\`id\\` \\\\n \\"\'"',
	},
]);
