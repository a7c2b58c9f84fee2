import {createInterface} from 'node:readline/promises';
import {Writable} from 'node:stream';
import {Interrupted} from './interrupt.js';

/** Whether somebody can answer. */
export function canAsk(): boolean {
	return process.stdin.isTTY === true;
}

/**
 * Asks the person at the terminal; what a secret's answer types is not shown. Throws `Interrupted` at Ctrl-C, which reaches the program as
 * the signal that it would be without a question; the end of the input is an empty answer.
 */
export async function askQuestion(question: string, {secret}: {secret: boolean}): Promise<string> {
	const silent = new Writable({write: (_chunk, _encoding, done) => done()});
	// What is edited on a line is drawn with what stands before it: the question's last line is readline's own.
	const above = secret ? question : question.slice(0, question.lastIndexOf('\n') + 1);
	const lines = createInterface({input: process.stdin, output: secret ? silent : process.stderr, terminal: true});
	// Only now, since the terminal shows no more what is typed: who answers at once is not seen either.
	process.stderr.write(above);
	try {
		return await new Promise((resolve, reject) => {
			lines.once('close', () => resolve(''));
			lines.once('SIGINT', () => {
				reject(new Interrupted());
				process.kill(process.pid, 'SIGINT');
			});
			lines.question(question.slice(above.length)).then(resolve, reject);
		});
	} finally {
		lines.close();
		if (secret) process.stderr.write('\n');
	}
}
