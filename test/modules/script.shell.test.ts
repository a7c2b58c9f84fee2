import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import script from '../../src/modules/script.js';
import {runActions} from './action-rows.js';

const here = mkdtempSync(join(tmpdir(), 'playbill-scripts-'));
process.on('exit', () => rmSync(here, {recursive: true, force: true}));
const file = join(here, 'my script.sh');
writeFileSync(file, '#!/bin/sh\nprintf "%s|" "${0##*/}" "$@"; pwd; cat; echo err >&2; exit ${STATUS:-0}\n');
const plain = join(here, 'plain');
writeFileSync(plain, 'echo "plain $1"\n');

runActions(script, [
	{
		name: 'runs a file of this side with arguments that the shell reads',
		args: {_raw_params: `'${file}' 'a b' $WORD "\${WORD}"`, chdir: 'DIR'},
		environment: {WORD: 'x y'},
		changed: true,
		result: {rc: 0, stdout: 'my script.sh|a b|x|y|x y|DIR\n', stderr: 'err\n', stderr_lines: ['err']},
	},
	{
		name: 'runs it with another program',
		args: {cmd: `${plain} 1`, executable: 'sh -e'},
		changed: true,
		result: {stdout: 'plain 1\n'},
	},
	{
		name: 'fails with its status',
		args: {_raw_params: file.replace(' ', '\\ ')},
		environment: {STATUS: '4'},
		changed: true,
		fails: 'non-zero return code',
		result: {rc: 4},
	},
	{
		name: 'leaves nothing behind',
		before: 'mkdir DIR/tmp',
		args: {_raw_params: plain, executable: 'sh'},
		environment: {TMPDIR: 'DIR/tmp'},
		changed: true,
		after: 'rmdir DIR/tmp',
	},
	{
		name: 'is skipped when what it creates is there',
		args: {_raw_params: plain, creates: 'DIR'},
		skipped: true,
		result: {msg: 'DIR exists, matching creates option'},
	},
	{
		name: 'is skipped when what it removes is not there',
		args: {_raw_params: plain, removes: 'DIR/x'},
		skipped: true,
		result: {msg: 'DIR/x does not exist, matching removes option'},
	},
	{
		name: 'needs an absolute folder',
		args: {_raw_params: plain, chdir: 'x'},
		fails: 'chdir x must be an absolute path for a Unix-aware remote node',
	},
	{
		name: 'is skipped in check mode',
		args: {_raw_params: plain},
		check: true,
		skipped: true,
		result: {msg: 'Check mode is not supported for this task.'},
	},
	{name: 'is foretold in check mode with creates', args: {_raw_params: plain, creates: 'DIR/x'}, check: true, changed: true},
	{name: 'an open quote', args: {_raw_params: "'x"}, fails: 'No closing quotation'},
]);
