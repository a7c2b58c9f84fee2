import test from 'ava';
import {checkTasks} from '../../../src/engine/engine.js';
import {nodeToValue} from '../../../src/jinja/jinja.js';
import {type Definition, findModule} from '../../../src/modules/modules.js';
import {type Reading, readPlaybook} from '../../../src/playbook/playbook.js';
import {type Diagnostic, formatSpan, inSourceOrder, parseYaml, renderDiagnostic, SourceFile} from '../../../src/source/source.js';

/** What the check at load finds in the tasks of one play. */
async function check(tasks: string): Promise<Diagnostic[]> {
	const text = `- name: Web servers\n  hosts: web\n  tasks:\n${tasks}`;
	const names = new Set<string>();
	let ids = 0;
	const reading: Reading = {
		readYaml: () => parseYaml(new SourceFile('site.yml', text), () => {}),
		playbookFolder: '.',
		beginPlaybook: () => {},
		noteDefaults: () => {},
		isFile: () => false,
		isFolder: () => false,
		list: () => [],
		rolesPath: [],
		keywordDefaults: new Map(),
		evaluateName: () => undefined,
		report: () => {},
		noteModule: (name) => names.add(name),
		nextId: () => ++ids,
	};
	const plays = readPlaybook(reading, 'site.yml');
	const definitions = new Map<string, Definition>();
	for (const name of names) definitions.set(name, (await findModule(name)) as Definition);
	return inSourceOrder(
		checkTasks(plays, {
			definitions,
			read: (node) => nodeToValue(node, {trusted: true}),
			playbookFolder: '.',
			severity: 'warning',
		}),
	);
}

test('a misspelt argument is shown at its place, with what it may mean and where it stands', async (t) => {
	const [found] = await check(`    - name: Write nginx.conf
      template:
        src: nginx.conf.j2
        dest: /etc/nginx/nginx.conf
        onwer: root
`);
	const lines = renderDiagnostic({...found!, severity: 'error'}, {color: false}).split('\n');
	t.deepEqual(lines.slice(0, 7), [
		'error[module/unknown-argument]: the `template` module has no argument `onwer`',
		'  --> site.yml:8:9',
		'  |',
		'7 |         dest: /etc/nginx/nginx.conf',
		'8 |         onwer: root',
		'  |         ^^^^^ did you mean `owner`?',
		' = note: in task `Write nginx.conf`, play `Web servers` (site.yml:1:3)',
	]);
});

const rows: [title: string, task: string, found: readonly string[]][] = [
	['nothing', 'copy: {content: "{{ x }}", dest: "{{ y }}"}', []],
	['a missing argument', 'copy: {content: x}', ['7 module/missing-argument']],
	['no missing argument where defaults may give it', 'copy: {content: x}\n      module_defaults: {copy: {dest: /x}}', []],
	['a value that is none of the choices', 'file: {path: /x, state: directoy}', ['31 module/argument-value']],
	['a template for any value', 'file: {path: /x, state: "{{ state }}", mode: "{{ mode }}"}', []],
	['a template for a script', 'script: {cmd: "{{ folder }}/x {{ word }}", creates: /y}', []],
	['a free-form argument', 'file: path=/x stat=y', ['21 module/unknown-argument']],
	['an unknown filter', 'debug: {msg: "{{ x | defualt }}"}', ['28 template/unknown-filter']],
	['an unknown test in a condition', 'debug: {}\n      when: x is definde', ['18 template/unknown-test']],
	['an unknown lookup', `debug: {msg: "{{ lookup('flie', 'x') }}"}`, ['31 template/unknown-lookup']],
	['a lookup with its collection', `debug: {msg: "{{ lookup('ansible.builtin.file', 'x') }}"}`, []],
	['too many arguments of a filter', 'debug: {msg: "{{ x | upper(1) }}"}', ['28 template/failed']],
	['an argument that a filter does not know', 'debug: {msg: "{{ x | join(sep=1) }}"}', ['28 template/failed']],
	['too few arguments of a test', 'debug: {}\n      when: x is divisibleby', ['18 template/failed']],
	['arguments that cannot be counted', 'debug: {msg: "{{ x | upper(*y) }}"}', []],
	['an expression that cannot be read', 'assert: {that: [1 ==]}', ['27 template/syntax']],
	['arguments that are a template', 'debug: "{{ everything }}"', []],
	['a secret, which is not shown', 'user: {name: x, password: [hush], state: hush}', ['48 module/argument-value']],
];
for (const [title, task, expected] of rows) {
	test(`finds ${title}`, async (t) => {
		const found = await check(`    - ${task}\n`);
		t.deepEqual(
			found.map(({labels, code}) => `${formatSpan(labels[0]!.span).split(':')[2]} ${code}`),
			expected,
		);
		t.notRegex(found.map(({message, ansible}) => message + ansible).join('\n'), /hush/);
	});
}
