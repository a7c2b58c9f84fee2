import blockinfile from '../../src/modules/blockinfile.js';
import replace from '../../src/modules/replace.js';
import {runTable} from './laws.js';

const before = 'printf "one\\ntwo\\nthree\\n" >f; chmod 640 f';
const block = '# BEGIN ANSIBLE MANAGED BLOCK\na\nb\n# END ANSIBLE MANAGED BLOCK\n';

runTable(blockinfile, [
	{
		name: 'adds a block at the end',
		before,
		args: {path: 'DIR/f', block: 'a\nb'},
		after: 'test "$(stat -c %a f)" = 640',
		result: {msg: 'Block inserted'},
		diff: ['one\ntwo\nthree\n', `one\ntwo\nthree\n${block}`],
	},
	{
		name: 'finds the block',
		before: `${before}; printf '${block.replaceAll('\n', '\\n')}' >>f`,
		args: {path: 'DIR/f', block: 'a\nb\n'},
		changed: false,
		result: {msg: ''},
	},
	{
		name: 'replaces the block where it stands',
		before: "printf '# BEGIN ANSIBLE MANAGED BLOCK\\nx\\n# END ANSIBLE MANAGED BLOCK\\nend\\n' >f",
		args: {path: 'DIR/f', block: 'a\nb'},
		diff: ['# BEGIN ANSIBLE MANAGED BLOCK\nx\n# END ANSIBLE MANAGED BLOCK\nend\n', `${block}end\n`],
	},
	{
		name: 'goes after a match',
		before,
		args: {path: 'DIR/f', block: 'a\nb', insertafter: '^two'},
		diff: ['one\ntwo\nthree\n', `one\ntwo\n${block}three\n`],
	},
	{
		name: 'goes to the front',
		before,
		args: {path: 'DIR/f', block: 'a\nb', insertbefore: 'BOF'},
		diff: ['one\ntwo\nthree\n', `${block}one\ntwo\nthree\n`],
	},
	{
		name: 'keeps blank lines around',
		before,
		args: {path: 'DIR/f', block: 'a\nb', insertafter: 'one', prepend_newline: true, append_newline: true},
		diff: ['one\ntwo\nthree\n', `one\n\n${block}\ntwo\nthree\n`],
	},
	{
		name: 'removes the block',
		before: `${before}; printf '${block.replaceAll('\n', '\\n')}' >>f`,
		args: {path: 'DIR/f', state: 'absent'},
		after: 'test "$(tail -n 1 f)" = three',
		result: {msg: 'Block removed'},
	},
	{name: 'has no block to remove', before, args: {path: 'DIR/f', state: 'absent'}, changed: false},
	{name: 'makes the folders above the file', args: {path: 'DIR/d/e/f', block: 'a\nb', create: true}, after: 'grep -q b d/e/f'},
	{name: 'makes the file', args: {path: 'DIR/f', block: 'a\nb', create: true}, diff: ['', block], result: {msg: 'File created'}},
	{name: 'refuses a file that is not there', args: {path: 'DIR/f', block: 'a'}, fails: 'Path DIR/f does not exist !'},
	{
		name: 'takes texts as they are',
		before,
		args: {path: 'DIR/f', block: '$(touch pwned)', marker: '-- {mark} "$(touch pwned)"'},
		after: '! test -e pwned; grep -qF -e "-- END \\"\\$(touch pwned)\\"" f',
	},
]);

runTable(replace, [
	{
		name: 'replaces every match',
		before,
		args: {path: 'DIR/f', regexp: '^t(\\w+)$', replace: 'T\\1'},
		diff: ['one\ntwo\nthree\n', 'one\nTwo\nThree\n'],
		result: {msg: '2 replacements made'},
	},
	{name: 'finds nothing', before, args: {path: 'DIR/f', regexp: 'four', replace: 'x'}, changed: false, result: {msg: ''}},
	{
		name: 'replaces behind a match',
		before,
		args: {path: 'DIR/f', regexp: 't', replace: 'T', after: 'two'},
		diff: ['one\ntwo\nthree\n', 'one\ntwo\nThree\n'],
	},
	{
		name: 'replaces between matches',
		before,
		args: {path: 'DIR/f', regexp: 'o', replace: '0', after: 'one', before: 'three'},
		diff: ['one\ntwo\nthree\n', 'one\ntw0\nthree\n'],
	},
	{
		name: 'has no such section',
		before,
		args: {path: 'DIR/f', regexp: 'o', after: 'four'},
		changed: false,
		result: {msg: 'Pattern for before/after params did not match the given file: four(?P<subsection>.*)'},
	},
	{name: 'removes what matches', before, args: {path: 'DIR/f', regexp: '(?s)two.*'}, diff: ['one\ntwo\nthree\n', 'one\n']},
	{
		name: 'knows named groups',
		before,
		args: {path: 'DIR/f', regexp: '(?P<first>o)(?P<rest>ne)', replace: '\\g<rest>\\g<first>!'},
		diff: ['one\ntwo\nthree\n', 'neo!\ntwo\nthree\n'],
	},
	{name: 'refuses what is no pattern', before, args: {path: 'DIR/f', regexp: '('}, fails: /^invalid regular expression/},
	{name: 'refuses a file that is not there', args: {path: 'DIR/f', regexp: 'a'}, fails: 'Path DIR/f does not exist !'},
	{
		name: 'takes texts as they are',
		before,
		args: {path: 'DIR/f', regexp: 'one', replace: '$(touch pwned) $& \\\\'},
		after: '! test -e pwned',
		diff: ['one\ntwo\nthree\n', '$(touch pwned) $& \\\ntwo\nthree\n'],
	},
]);
