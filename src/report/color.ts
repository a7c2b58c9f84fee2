/** Ansible's colours for what it prints. */
export type Tone =
	| 'ok'
	| 'changed'
	| 'error'
	| 'unreachable'
	| 'skip'
	| 'warning'
	| 'verbose'
	| 'debug'
	| 'added'
	| 'removed'
	| 'lines'
	| 'deprecation';

const codes: Readonly<Record<Tone, string>> = {
	ok: '0;32',
	changed: '0;33',
	error: '0;31',
	unreachable: '1;31',
	skip: '0;36',
	warning: '1;35',
	verbose: '0;34',
	debug: '0;90',
	added: '0;32',
	removed: '0;31',
	lines: '0;36',
	deprecation: '0;35',
};

/** Colours a text line by line, so that a pager shows every line right. */
export function paint(text: string, tone: Tone, enabled: boolean): string {
	if (!enabled) return text;
	return text
		.split('\n')
		.map((line) => `\u001B[${codes[tone]}m${line}\u001B[0m`)
		.join('\n');
}
