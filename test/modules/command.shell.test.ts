import {Unknown} from '../../src/jinja/jinja.js';
import command from '../../src/modules/command.js';
import raw from '../../src/modules/raw.js';
import shell from '../../src/modules/shell.js';
import {runActions} from './action-rows.js';

const unknown = (value: unknown) => value instanceof Unknown;
const moment = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{6})?$/;

runActions(command, [
	{
		name: 'runs a program and returns what Ansible returns',
		args: {_raw_params: "printf '%s|' a 'b c' \"d\""},
		changed: true,
		result: {
			cmd: ['printf', '%s|', 'a', 'b c', 'd'],
			stdout: 'a|b c|d|',
			stdout_lines: ['a|b c|d|'],
			stderr: '',
			stderr_lines: [],
			rc: 0,
			msg: '',
			start: moment,
			end: moment,
			delta: /^0:00:0\d(\.\d{6})?$/,
		},
	},
	{
		name: 'never goes through a shell',
		args: {argv: ['printf', '%s\n', '$(id)', ';ls', "it's", '-n', 'a\nb', '*', '"']},
		changed: true,
		result: {stdout: `$(id)\n;ls\nit's\n-n\na\nb\n*\n"`},
	},
	{
		name: 'puts variables and the home folder into its words',
		args: {_raw_params: `printf '%s ' $WORD \${WORD}x ~ ~/a '$WORD' $NOPE \${NOPE} $ \${ $1 a~ ~nobodyhere`},
		environment: {WORD: 'a b', HOME: '/home/me'},
		changed: true,
		result: {stdout: 'a b a bx /home/me /home/me/a a b $NOPE ${NOPE} $ ${ $1 a~ ~nobodyhere '},
	},
	{
		name: 'leaves variables alone when told to',
		args: {argv: ['echo', '$HOME', '~'], expand_argument_vars: false},
		changed: true,
		result: {stdout: '$HOME ~'},
	},
	{
		name: 'does not see the names of its own script',
		args: {argv: ['echo', '$_pb_how', '$IFS']},
		changed: true,
		result: {stdout: '$_pb_how $IFS'},
	},
	{
		name: 'a status but 0 is a failure',
		args: {argv: ['sh', '-c', 'echo out; echo err >&2; exit 3']},
		changed: true,
		fails: 'The command exited with a non-zero return code.',
		result: {rc: 3, stdout: 'out', stderr: 'err', stderr_lines: ['err']},
	},
	{
		name: 'a missing program',
		args: {_raw_params: 'no-such-program "a b"'},
		fails: 'Error executing command.',
		result: {rc: 2, cmd: "no-such-program 'a b'", stdout: '', stderr: ''},
	},
	{
		name: 'a builtin of the shell is no program',
		args: {_raw_params: 'shift'},
		fails: 'Error executing command.',
		result: {rc: 2},
	},
	{
		name: 'a file that is no program',
		before: 'touch DIR/f',
		args: {_raw_params: 'DIR/f'},
		fails: 'Error executing command.',
		result: {rc: 13},
	},
	{name: 'starts in a folder', args: {_raw_params: 'pwd', chdir: 'DIR'}, changed: true, result: {stdout: 'DIR'}},
	{
		name: 'a folder that is not there',
		args: {argv: ['pwd'], chdir: 'DIR/none'},
		fails: 'Unable to change directory before execution.',
		result: {cmd: ['pwd'], rc: undefined, start: null},
	},
	{
		name: 'reads stdin',
		args: {_raw_params: 'cat', stdin: 'a\nb', strip_empty_ends: false},
		changed: true,
		result: {stdout: 'a\nb\n'},
	},
	{
		name: 'reads stdin without a newline',
		args: {_raw_params: 'wc -c', stdin: 'abc', stdin_add_newline: false},
		changed: true,
		result: {stdout: /^\s*3$/},
	},
	{name: 'has an empty stdin', args: {_raw_params: 'cat'}, changed: true, result: {stdout: ''}},
	{
		name: 'strips line ends only',
		args: {argv: ['printf', ' a \n\n\r\n']},
		changed: true,
		result: {stdout: ' a ', stdout_lines: [' a ']},
	},
	{
		name: 'output that is not UTF-8 does no harm',
		args: {argv: ['printf', 'a\\377b\\nended 7 x\\n\\nended 1']},
		changed: true,
		result: {stdout: 'a\ufffdb\nended 7 x\n\nended 1'},
	},
	{
		name: 'is not run when what it creates is there',
		before: 'touch DIR/made',
		args: {_raw_params: 'touch DIR/again', creates: 'DIR/made'},
		result: {
			stdout: 'skipped, since DIR/made exists',
			rc: 0,
			msg: "Did not run command since 'DIR/made' exists",
			start: null,
			delta: null,
		},
		after: 'test ! -e DIR/again',
	},
	{
		name: 'matches patterns in creates, from the folder it starts in',
		before: 'touch DIR/made-1',
		args: {_raw_params: 'touch again', creates: 'made-*', chdir: 'DIR'},
		result: {stdout: 'skipped, since made-* exists'},
		after: 'test ! -e DIR/again',
	},
	{
		name: 'runs when nothing matches',
		args: {_raw_params: 'touch again', creates: 'made-*', chdir: 'DIR'},
		changed: true,
		after: 'test -e DIR/again',
	},
	{
		name: 'is not run when what it removes is not there',
		args: {_raw_params: 'touch DIR/again', removes: 'DIR/gone'},
		result: {stdout: 'skipped, since DIR/gone does not exist', msg: "Did not run command since 'DIR/gone' does not exist"},
		after: 'test ! -e DIR/again',
	},
	{
		name: 'runs when what it removes is there',
		before: 'touch DIR/x',
		args: {_raw_params: 'rm DIR/x', removes: 'DIR/x'},
		changed: true,
		after: 'test ! -e DIR/x',
	},
	{
		name: 'check mode does not run it, and does not know what it would say',
		args: {_raw_params: 'touch DIR/again'},
		check: true,
		skipped: true,
		result: {rc: unknown, stdout: unknown, msg: 'Command would have run if not in check mode'},
		after: 'test ! -e DIR/again',
	},
	{name: 'check mode with creates foretells a change', args: {_raw_params: 'x', creates: 'DIR/new'}, check: true, changed: true},
	{
		name: 'check mode with creates that is there',
		before: 'touch DIR/x',
		args: {_raw_params: 'x', creates: 'DIR/x'},
		check: true,
		result: {msg: "Would not run command since 'DIR/x' exists"},
	},
	{name: 'an open quote', args: {_raw_params: "ls 'a"}, fails: 'No closing quotation'},
	{
		name: 'nothing to run',
		args: {_raw_params: ' '},
		fails: "Argument 'args' to run_command must be list or string",
		result: {rc: 257},
	},
	{name: 'no command at all', args: {chdir: '/'}, fails: 'one of the following is required: _raw_params, cmd, argv'},
	{
		name: 'a strange argument',
		args: {cmd: 'ls', foo: 1},
		fails:
			'Unsupported parameters for (ansible.legacy.command) module: foo. Supported parameters include: _raw_params, _uses_shell, argv, chdir, cmd, creates, executable, expand_argument_vars, removes, stdin, stdin_add_newline, strip_empty_ends.',
	},
]);

runActions(shell, [
	{
		name: 'runs a text',
		args: {_raw_params: 'for i in 1 2; do echo "$i"; done | sort -r'},
		changed: true,
		result: {stdout: '2\n1', cmd: 'for i in 1 2; do echo "$i"; done | sort -r'},
	},
	{
		name: 'keeps variables for the shell',
		args: {_raw_params: 'A=1; echo "$A" ~'},
		environment: {HOME: '/h'},
		changed: true,
		result: {stdout: '1 /h'},
	},
	{
		name: 'uses another shell',
		args: {_raw_params: 'echo "$0"', executable: '/bin/bash'},
		fullHost: true,
		changed: true,
		result: {stdout: '/bin/bash'},
	},
	{
		name: 'a shell that is not there',
		args: {_raw_params: 'echo', executable: '/bin/nosuch'},
		fails: 'Error executing command.',
		result: {rc: 2},
	},
	{
		name: 'a signal',
		args: {_raw_params: 'kill -9 $$'},
		changed: true,
		fails: 'The command exited with a non-zero return code.',
		result: {rc: 137},
	},
	{name: 'words for a shell', args: {argv: ['echo', 'a b', '$HOME']}, changed: true, result: {stdout: 'a b $HOME'}},
	{name: 'a broken text', args: {_raw_params: 'if'}, changed: true, fails: 'The command exited with a non-zero return code.'},
]);

runActions(raw, [
	{
		name: 'runs a text',
		args: {_raw_params: 'echo a; echo b >&2'},
		changed: true,
		result: {rc: 0, stdout: 'a\n', stdout_lines: ['a'], stderr: 'b\n', stderr_lines: ['b']},
	},
	{name: 'fails with a status', args: {_raw_params: 'exit 3'}, changed: true, fails: 'non-zero return code', result: {rc: 3}},
	{name: 'is skipped in check mode', args: {_raw_params: 'touch DIR/x'}, check: true, skipped: true, after: 'test ! -e DIR/x'},
]);
