import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {diagnosticCodes} from '../src/source/source.js';
import {caseFiles, caseNames, readCase, runCase} from '../test/errors/cases.js';

/** Runs every case of test/errors and records what it says; those that this machine cannot host keep what was recorded. */
export async function recordCases(root: string): Promise<void> {
	for (const name of caseNames()) {
		const output = await runCase(name);
		if (output !== undefined) writeFileSync(join(root, 'test/errors', name, 'output'), output);
	}
}

/** The text of docs/errors.md, made of the recorded cases. Throws when a code has no case. */
export function errorsPage(): string {
	const sections = Object.entries(diagnosticCodes).map(([code, meaning]) => {
		const name = code.replace('/', '-');
		const files = caseFiles(name).map((file) => `\`${file}\`:\n\n${fenced(languageOf(file), readCase(name, file))}`);
		return [
			`## \`${code}\``,
			`${meaning[0]!.toUpperCase()}${meaning.slice(1)}.`,
			...files,
			fenced('text', `$ ${readCase(name, 'command')}${readCase(name, 'output')}`),
		].join('\n\n');
	});
	return `${head}\n${sections.join('\n\n')}\n`;
}

const head = `# Errors and warnings

<!-- Made by \`npm run docs\` from src/source/codes.ts and the cases in test/errors; changes by hand are lost. -->

Everything that is wrong with what you wrote is a diagnostic: a code, a message, the place with the lines around it, what was perhaps meant.
All that can be found at load is found and printed together, in the order of the sources, before any host is touched; the exit status is 4.
What Ansible treats as a task's failure (an undefined name, a wrong argument, a filter that does not exist) stays one: it can be rescued
or ignored and does not matter where the task is skipped; the exit status is 2. Warnings stop nothing.
Called as \`ansible-playbook\`, the same diagnostics are told in Ansible's sentences.

| status | meaning |
| --- | --- |
| 0 | all is well |
| 1 | the run could not go on: no such playbook, a handler that does not exist |
| 2 | tasks failed on hosts; or the command line is wrong |
| 4 | hosts were unreachable; or what was written is wrong |
| 5 | a setting is wrong |
| 99 | interrupted |
| 250 | an error in Playbill itself |
`;

function languageOf(file: string): string {
	return file.endsWith('.yml') ? 'yaml' : 'ini';
}

function fenced(language: string, text: string): string {
	return `\`\`\`${language}\n${text.replace(/\n$/, '')}\n\`\`\``;
}
