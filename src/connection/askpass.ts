import {execFile} from 'node:child_process';
import {closeSync, constants, openSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {Socket} from 'node:net';
import {join} from 'node:path';
import {promisify} from 'node:util';

/** What ssh wants to know: `note` when no answer is expected (a key waits for a touch). */
export interface AskpassQuestion {
	readonly text: string;
	readonly note: boolean;
}

/**
 * The program that ssh asks its questions (SSH_ASKPASS). It passes them to this process and the answers back through two named pipes beside it,
 * so that no answer is ever on a disk, in an environment or in argv.
 */
const ASKPASS = `#!/bin/sh
# Asks playbill the question in "$1"; prints its answer, ends with 1 when there is none.
here=\${0%/*}
case $1 in *'
'*) set -- "$(printf '%s' "$1" | tr '\\n' ' ')";; esac
printf '%s %s\\n' "\${SSH_ASKPASS_PROMPT:-answer}" "$1" >"$here/questions" || exit 1
[ "$SSH_ASKPASS_PROMPT" != none ] || exec sleep 3600
IFS= read -r answer <"$here/answers" || exit 1
case $answer in yes*) printf '%s\\n' "\${answer#yes}";; *) exit 1;; esac
`;

/** Makes the program in a private folder; `answer` gives undefined for no answer. The function that is given back ends it. */
export async function makeAskpass(
	folder: string,
	answer: (question: AskpassQuestion) => Promise<string | undefined>,
): Promise<{readonly program: string; close(): void}> {
	const [program, questions, answers] = ['askpass', 'questions', 'answers'].map((name) => join(folder, name)) as [
		string,
		string,
		string,
	];
	await writeFile(program, ASKPASS, {mode: 0o700});
	await promisify(execFile)('mkfifo', ['-m', '600', questions, answers]);
	const from = pipe(questions, true);
	const to = pipe(answers, false);
	let text = '';
	from.setEncoding('utf8').on('data', (chunk: string) => {
		const lines = (text + chunk).split('\n');
		text = lines.pop()!;
		for (const line of lines) void reply(line);
	});
	async function reply(line: string): Promise<void> {
		const [hint, ...words] = line.split(' ');
		const question = {text: words.join(' '), note: hint === 'none'};
		const given = await answer(question).catch(() => undefined);
		if (!question.note) to.write(given === undefined ? 'no\n' : `yes${given}\n`);
	}
	return {
		program,
		close() {
			from.destroy();
			to.destroy();
		},
	};
}

/** Both ends are open here, so that opening waits for nobody and no end of file is ever seen. A socket reads it, since a file's read would hold up a thread. */
function pipe(path: string, readable: boolean): Socket {
	const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
	try {
		return new Socket({fd, readable, writable: !readable}).on('error', () => {});
	} catch (error) {
		closeSync(fd);
		throw error;
	}
}
