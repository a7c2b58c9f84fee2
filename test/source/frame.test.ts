import test from 'ava';
import {type Diagnostic, renderAnsible, renderDiagnostic, SourceFile} from '../../src/source/source.js';

const play = new SourceFile(
	'/x/main.yml',
	['- name: a', '- name: Write nginx.conf', '  template:', '    dest: /etc/nginx/nginx.conf', '    onwer: root', ''].join('\n'),
);

/** A diagnostic whose labels underline the first places where words stand. */
function diagnose(file: SourceFile, labels: [word: string, text?: string][], more: Partial<Diagnostic> = {}): Diagnostic {
	return {
		severity: 'error',
		code: 'module/unknown-argument',
		message: 'wrong',
		labels: labels.map(([word, text]) => {
			const start = file.text.indexOf(word);
			return {span: {file, start, end: start + word.length}, ...(text === undefined ? {} : {text})};
		}),
		...more,
	};
}

const frames: [name: string, diagnostic: Diagnostic, frame: string[]][] = [
	[
		'the form of a frame',
		diagnose(play, [['onwer', 'did you mean `owner`?']], {
			message: 'the `template` module has no argument `onwer`',
			notes: ['in task `Write nginx.conf`'],
			help: '`template` takes dest, src',
		}),
		[
			'error[module/unknown-argument]: the `template` module has no argument `onwer`',
			'  --> /x/main.yml:5:5',
			'  |',
			'4 |     dest: /etc/nginx/nginx.conf',
			'5 |     onwer: root',
			'  |     ^^^^^ did you mean `owner`?',
			' = note: in task `Write nginx.conf`',
			' = help: `template` takes dest, src',
		],
	],
	[
		'two labels with a gap between them',
		diagnose(play, [
			['onwer', 'here'],
			['- name', 'first'],
		]),
		[
			'error[module/unknown-argument]: wrong',
			'  --> /x/main.yml:5:5',
			'  |',
			'1 | - name: a',
			'  | ------ first',
			'...',
			'4 |     dest: /etc/nginx/nginx.conf',
			'5 |     onwer: root',
			'  |     ^^^^^ here',
		],
	],
	[
		'wide characters and tabs keep the caret in place',
		diagnose(new SourceFile('w', '日本\tx: y'), [['x']]),
		['error[module/unknown-argument]: wrong', '  --> w:1:4', '  |', '1 | 日本    x: y', '  |         ^'],
	],
	[
		'control characters are left out',
		diagnose(new SourceFile('c', 'a\u001b[31mb: c'), [['b']], {message: 'bad \u0007name'}),
		['error[module/unknown-argument]: bad name', '  --> c:1:7', '  |', '1 | a[31mb: c', '  |      ^'],
	],
	[
		'a span of several lines is underlined on its first',
		diagnose(play, [['template:\n    dest', 'this task']]),
		[
			'error[module/unknown-argument]: wrong',
			'  --> /x/main.yml:3:3',
			'  |',
			'2 | - name: Write nginx.conf',
			'3 |   template:',
			'  |   ^^^^^^^^^ this task',
		],
	],
	['no place', {severity: 'warning', code: 'cli/usage', message: 'odd', labels: []}, ['warning[cli/usage]: odd']],
];
for (const [name, diagnostic, frame] of frames) {
	test(name, (t) => t.deepEqual(renderDiagnostic(diagnostic, {color: false}).split('\n'), frame));
}

test('a long line is cut around what is underlined', (t) => {
	const file = new SourceFile('l', `${'a'.repeat(300)} here ${'b'.repeat(300)}`);
	const [, , , line, caret] = renderDiagnostic(diagnose(file, [['here']]), {color: false}).split('\n');
	t.true(line!.length <= 125);
	t.is(line!.slice(caret!.indexOf('^'), caret!.lastIndexOf('^') + 1), 'here');
});

test('labels in two files', (t) => {
	const other = new SourceFile('other.yml', 'owner: x\n');
	const diagnostic = diagnose(play, [['onwer']]);
	const both = {...diagnostic, labels: [...diagnostic.labels, {span: {file: other, start: 0, end: 5}, text: 'spec'}]};
	t.deepEqual(renderDiagnostic(both, {color: false}).split('\n').slice(-4), [
		'  ::: other.yml:1:1',
		'  |',
		'1 | owner: x',
		'  | ----- spec',
	]);
});

test('colour changes no character', (t) => {
	const diagnostic = diagnose(play, [['onwer', 'x']], {help: 'y'});
	const coloured = renderDiagnostic(diagnostic, {color: true});
	t.true(coloured.includes('\u001b[1;31m'));
	t.is(coloured.replace(/\u001b\[[0-9;]*m/g, ''), renderDiagnostic(diagnostic, {color: false}));
});

test("Ansible's form", (t) => {
	const diagnostic = diagnose(play, [['onwer']], {ansible: 'Something failed.', ansibleHelp: 'Mend it.'});
	t.is(
		renderAnsible(diagnostic),
		[
			'[ERROR]: Something failed.',
			'Origin: /x/main.yml:5:5',
			'',
			'3   template:',
			'4     dest: /etc/nginx/nginx.conf',
			'5     onwer: root',
			'      ^ column 5',
			'',
			'Mend it.\n\n',
		].join('\n'),
	);
	t.is(
		renderAnsible({severity: 'warning', code: 'cli/usage', message: 'no host matched', labels: []}),
		'[WARNING]: No host matched.\n',
	);
});

test("Ansible's form: a marker near the right border stands on the left", (t) => {
	const file = new SourceFile('/l', `${'a'.repeat(110)} here`);
	const lines = renderAnsible(diagnose(file, [['here']])).split('\n');
	t.is(lines[4], `${' '.repeat(102)}column 112 ^`);
});
