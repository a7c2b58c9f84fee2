import {createInterface} from 'node:readline/promises';
import {Writable} from 'node:stream';

/** Whether somebody can answer. */
export function canAsk(): boolean {
	return process.stdin.isTTY === true;
}

/** Asks the person at the terminal; what a secret's answer types is not shown. */
export async function askQuestion(question: string, {secret}: {secret: boolean}): Promise<string> {
	const silent = new Writable({write: (_chunk, _encoding, done) => done()});
	process.stderr.write(question);
	const lines = createInterface({input: process.stdin, output: secret ? silent : process.stderr, terminal: true});
	try {
		return await lines.question('');
	} finally {
		lines.close();
		if (secret) process.stderr.write('\n');
	}
}
