import type {Content, Response} from '../../connection/connection.js';
import type {Joint, Step} from '../contract.js';
import {changeManyPaths} from './path-joint-script.js';

/** Content larger than this is sent by itself. */
const smallSize = 16 * 1024;

/** How a step of changes shares its script with others; `args` are its own. Undefined for what the shell cannot hold in a word. */
export function jointOf(args: readonly string[], content: Content | Buffer | undefined): Joint | undefined {
	const size = args.reduce((sum, word) => sum + word.length + 3, 0);
	if (content === undefined) return {size, join};
	const length = Buffer.isBuffer(content) ? content.length : content.size;
	return length > smallSize || wordOf(content) === undefined ? undefined : {size: size + length, join};
}

/** The bytes as a word of the shell, which holds no NUL; an argument is text. */
function wordOf(content: Content | Buffer): string | undefined {
	const bytes = Buffer.isBuffer(content) ? content : content.read();
	const text = bytes.toString();
	return text.includes('\0') || !Buffer.from(text).equals(bytes) ? undefined : text;
}

function join(steps: readonly Step[]): Step {
	return {
		script: changeManyPaths,
		args: steps.flatMap(({args = [], stdin}) => {
			const words = stdin === undefined ? args : [...args, wordOf(stdin as Content | Buffer)!];
			return [String(words.length), ...words];
		}),
		repeatable: true,
		parse: (response) => responsesIn(response, steps.length),
	};
}

/** What `changePaths` would have printed for each of so many groups that was done. */
function responsesIn({status, stdout, stderr}: Response, count: number): readonly Response[] {
	if (status !== 0) return [];
	const fields = stdout.toString().split('\0');
	const letters = fields.slice(0, fields.indexOf(''));
	const lines = fields
		.slice(letters.length + 1)
		.join('\0')
		.split('\n')
		.slice(0, -1);
	const there = letters.filter((one) => one.includes('e'));
	if (letters.length > count || lines.length !== there.length) return [];
	return letters.map((one) => {
		const line = one.includes('e') ? `${lines.shift()}\n` : '';
		return {status: 0, stderr, stdout: Buffer.from(`\0${one.replace(/[de]/g, '')}\0${line}`)};
	});
}
