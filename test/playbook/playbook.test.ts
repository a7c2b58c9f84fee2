import test from 'ava';
import {keywords, type Place} from '../../src/playbook/keywords.js';
import {type Entry, type Play, type Reading, readPlaybook} from '../../src/playbook/playbook.js';
import {type Diagnostic, formatSpan, inSourceOrder, type Node, parseYaml, SourceFile} from '../../src/source/source.js';

/** Reads a playbook from texts by path, with what was wrong. */
function read(files: Readonly<Record<string, string>>, path = 'site.yml'): {plays: Play[]; found: Diagnostic[]} {
	const found: Diagnostic[] = [];
	let ids = 0;
	const report = (diagnostic: Diagnostic) => found.push(diagnostic);
	const reading: Reading = {
		readYaml: (name) => (name in files ? (parseYaml(new SourceFile(name, files[name]!), report) ?? null) : undefined),
		playbookFolder: '.',
		beginPlaybook: () => {},
		noteDefaults: () => {},
		isFile: (name) => name.replace(/^\.\//, '') in files,
		isFolder: (name) => Object.keys(files).some((file) => file.startsWith(`${name.replace(/^\.\//, '')}/`)),
		list: () => [],
		rolesPath: [],
		keywordDefaults: new Map(),
		evaluateName: (node: Node) => (node.kind === 'scalar' ? node.text : undefined),
		report,
		noteModule: () => {},
		nextId: () => ++ids,
	};
	const plays = readPlaybook({...reading, readYaml: (name) => reading.readYaml(name.replace(/^\.\//, ''))}, path);
	return {plays, found: inSourceOrder(found)};
}

function names(entries: readonly Entry[]): string[] {
	return entries.flatMap((entry) =>
		entry.kind === 'task'
			? [entry.keywords.get('name')?.kind === 'scalar' ? (entry.keywords.get('name') as {text: string}).text : entry.module]
			: names(entry.block),
	);
}

test('ten mistakes give ten diagnostics, in order', (t) => {
	const text = `- hosts: all
  gather_fact: false
  tasks:
    - debug: {msg: x}
      whne: true
    - name: nothing to do
    - {debug: {}, command: "true"}
    - {debug: {}, become: perhaps}
    - {debug: {}, async: 10}
    - {debug: {}, register: a b}
    - {debug: {}, loop: [1], loop_control: {loopvar: x}}
    - {meta: end_everything}
    - {include_tasks: {file: x.yml, vras: {}}}
    - import_tasks: nosuch.yml
`;
	const {found} = read({'site.yml': text});
	const seen = found.map(({code, labels}) => `${formatSpan(labels[0]!.span).split(':')[1]} ${code}`);
	t.deepEqual(seen, [
		'2 playbook/unknown-keyword',
		'5 playbook/unknown-keyword',
		'6 playbook/shape',
		'7 playbook/shape',
		'8 playbook/keyword-value',
		'9 playbook/unsupported',
		'10 playbook/keyword-value',
		'11 playbook/unknown-keyword',
		'12 module/argument-value',
		'13 module/unknown-argument',
		'14 file/not-found',
	]);
	t.is(found[1]!.labels[0]!.text, 'did you mean `when`?');
});

test('imports are replaced by what they bring, roles stand before tasks', (t) => {
	const {plays, found} = read({
		'site.yml': `- hosts: all
  tasks:
    - name: first
      debug:
    - import_tasks: more.yml
    - import_role: {name: own}
  roles: [own]
`,
		'more.yml': '- {name: imported, debug: }\n- {name: also, debug: }\n',
		'roles/own/tasks/main.yml': '- {name: of the role, debug: }\n',
		'roles/own/handlers/main.yml': '- {name: handler, debug: }\n',
	});
	t.deepEqual(found, []);
	const [play] = plays;
	t.deepEqual(names(play!.roles), ['of the role']);
	t.deepEqual(names(play!.tasks), ['first', 'imported', 'also', 'of the role']);
	t.deepEqual(names(play!.handlers), ['handler', 'handler']);
	t.deepEqual(
		play!.published.map(({role}) => role?.name),
		['own'],
	);
});

const refused: [title: string, task: string, code: string, words: RegExp][] = [
	['async', 'debug: {}\n      async: 5', 'playbook/unsupported', /asynchronous/],
	['debugger', 'debug: {}\n      debugger: on_failed', 'playbook/unsupported', /debugger/],
	['a removed include', 'include: x.yml', 'playbook/unsupported', /include/],
	['a keyword that an include does not take', 'include_tasks: x.yml\n      become: true', 'playbook/unknown-keyword', /become/],
];
for (const [title, task, code, words] of refused) {
	test(`refuses ${title}`, (t) => {
		const {found} = read({'site.yml': `- hosts: all\n  tasks:\n    - ${task}\n`, 'x.yml': '[]'});
		t.deepEqual(
			found.map((one) => one.code),
			[code as Diagnostic['code']],
		);
		t.regex(found[0]!.message, words);
	});
}

test('what Ansible takes for no variable is told where it stands', (t) => {
	const text = `- hosts: all
  vars: [{a: 1}]
  tasks:
    - {debug: {}, vars: {a-b: 1, on: 2, 1x: 3, none: 4, fine: 5}}
    - {debug: {}, register: {fine: _task.result, not: _task.result, list: []}}
    - {debug: {}, loop: [1], loop_control: {loop_var: a b, index_var: "{{ x }}"}}
    - block: []
      vars: "{{ x }}"
`;
	const {found} = read({'site.yml': text});
	const seen = found.map(({code, labels, message}) => `${formatSpan(labels[0]!.span).split(':')[1]} ${code} ${message}`);
	t.deepEqual(seen, [
		'2 playbook/keyword-value `vars` must be a mapping, not a list',
		'4 playbook/keyword-value `a-b` is no name for a variable',
		'4 playbook/keyword-value `on` is no name for a variable',
		'4 playbook/keyword-value `1x` is no name for a variable',
		'4 playbook/keyword-value `none` is no name for a variable',
		'5 playbook/keyword-value `not` is no name for a variable',
		'5 playbook/keyword-value an expression must stand here, not a list',
		'6 playbook/keyword-value `a b` is no name for a variable',
		'8 playbook/keyword-value `vars` must be a mapping, not a text',
	]);
});

/** A playbook with one keyword more at one place, written as JSON. */
function withKeyword(place: Place, keyword: string, value: unknown): string {
	const entry = {
		play: {hosts: 'all'},
		role: {role: 'r'},
		block: {block: []},
		task: {ping: null},
		handler: {name: 'h', ping: null},
	}[place];
	const more = {...entry, [keyword]: value};
	const inPlay = {play: more, role: {roles: [more]}, block: {tasks: [more]}, task: {tasks: [more]}, handler: {handlers: [more]}}[
		place
	];
	return JSON.stringify([{hosts: 'all', ...inPlay}]);
}

const places: readonly Place[] = ['play', 'block', 'task', 'handler'];
for (const [keyword, {places: allowed}] of Object.entries(keywords)) {
	for (const place of places.filter((one) => !allowed.includes(one))) {
		// A block's own keywords make a block of a task, and `user` is a module's name too.
		if (['block', 'rescue', 'always'].includes(keyword) || keyword === 'user') continue;
		test(`refuses \`${keyword}\` on a ${place}`, (t) => {
			const {found} = read({'site.yml': withKeyword(place, keyword, null)});
			t.true(
				found.some(({severity, code}) => severity === 'error' && /^playbook\/(unknown-keyword|shape)$/.test(code)),
				JSON.stringify(found),
			);
		});
	}
}

const misshapen: [place: Place, keyword: string, value: unknown][] = [
	['play', 'hosts', {a: 1}],
	['play', 'hosts', 5],
	['play', 'hosts', []],
	['play', 'hosts', null],
	['play', 'vars_files', 5],
	['play', 'vars_files', [[1]]],
	['play', 'vars_files', {a: 1}],
	['play', 'roles', '{{ x }}'],
	['play', 'vars_prompt', '{{ x }}'],
	['block', 'block', null],
	['block', 'rescue', null],
	['block', 'always', null],
	['task', 'loop_control', '{{ x }}'],
	['task', 'module_defaults', '{{ x }}'],
	['task', 'tags', null],
	['task', 'args', 'text'],
	['role', 'collections', [1]],
	['handler', 'listen', [1]],
	['task', 'become', 'text'],
	['task', 'retries', 'text'],
	['task', 'until', {a: 1}],
	['play', 'vars_prompt', 'text'],
	['play', 'vars_prompt', [{prompt: 'no name'}]],
	['play', 'module_defaults', 'text'],
	['task', 'module_defaults', {debug: 5}],
	['block', 'tags', 5],
	['task', 'tags', {a: 1}],
	['task', 'tags', [[1]]],
	['handler', 'listen', {a: 1}],
	['task', 'args', [1]],
	['task', 'collections', true],
	['task', 'ping', 5],
	['task', 'ping', [1]],
	['task', 'action', 'debug'],
	['task', 'local_action', 'debug'],
];
for (const [place, keyword, value] of misshapen) {
	test(`refuses ${keyword}: ${JSON.stringify(value)} on a ${place}`, (t) => {
		const {found} = read({'site.yml': withKeyword(place, keyword, value), 'roles/r/tasks/main.yml': '[]'});
		t.deepEqual(
			found.map(({severity}) => severity),
			['error'],
			JSON.stringify(found),
		);
	});
}

const wellShaped: [place: Place, keyword: string, value: unknown][] = [
	['play', 'hosts', ['a', 'b']],
	['play', 'vars_files', ['a', ['b', 'c']]],
	['play', 'tasks', null],
	['block', 'become', null],
	['block', 'tags', [1, 'a']],
	['task', 'args', '{{ x }}'],
	['task', 'retries', '5'],
	['task', 'module_defaults', [{debug: {msg: 'a'}}]],
	['task', 'async', null],
	['handler', 'listen', ['a']],
];
for (const [place, keyword, value] of wellShaped) {
	test(`takes ${keyword}: ${JSON.stringify(value)} on a ${place}`, (t) => {
		t.deepEqual(read({'site.yml': withKeyword(place, keyword, value), b: '{}'}).found, []);
	});
}

test('`user` of a play is `remote_user`', (t) => {
	const {plays, found} = read({'site.yml': '- {hosts: all, user: me}\n'});
	t.deepEqual(found, []);
	t.is((plays[0]!.keywords.get('remote_user') as {text: string}).text, 'me');
	t.is(read({'site.yml': '- {hosts: all, user: me, remote_user: me}\n'}).found.length, 1);
});
