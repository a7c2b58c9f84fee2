/** A sequence of numbers that looks random and is the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

/** Names below a host's folder; some lead through links, some are second names of the same file. */
const names = ['a', 'b', 'c', 'a/x', 'a/y', 'b/x', 'b/d', 'b/d/z', 'link', 'link/x', 'second', 'up/../a/x'] as const;

type Pick = <T>(choices: readonly T[]) => T;

/** Tasks that read and change few paths over and over, so that nearly each of them makes something doubtful that was read before. */
const makers: readonly ((pick: Pick, path: string, other: string) => string)[] = [
	(pick, path) =>
		`file: {path: ${path}, state: directory${pick(['', ', mode: "0700"', ', mode: "0755"', ', recurse: true, mode: "u+rwX"'])}}`,
	(_, path) => `file: {path: ${path}, state: absent}`,
	(pick, path) => `file: {path: ${path}, state: ${pick(['touch', 'file'])}, mode: "${pick(['0600', '0644'])}"}`,
	(pick, path, other) => `file: {src: ${other}, dest: ${path}, state: ${pick(['link', 'hard'])}, force: ${pick([true, false])}}`,
	(pick, path) => `copy: {dest: ${path}, content: "${pick(['one\\n', 'one\\ntwo\\n', 'three\\n', ''])}"}`,
	(pick, path) =>
		`copy: {dest: ${path}, content: "{{ inventory_hostname }} ${pick(['x', 'y'])}\\n", force: ${pick([true, false])}}`,
	(pick, path) =>
		`lineinfile: {path: ${path}, line: "${pick(['one', 'two', 'four'])}", create: true, state: ${pick(['present', 'present', 'absent'])}}`,
	(pick, path) => `blockinfile: {path: ${path}, block: "${pick(['in', 'out'])}", create: true}`,
	(pick, path) => `replace: {path: ${path}, regexp: "${pick(['one', 'o', '^t'])}", replace: "${pick(['1', 'one'])}"}`,
	(_, path, other) => `copy: {src: ${other}, dest: ${path}, remote_src: true}`,
	(pick) =>
		`copy: {dest: "{{ dir }}/${pick(names)}", content: "{{ lookup('file', dir ~ '/${pick(names)}', errors='ignore') }}+\\n"}`,
	(pick) => `debug: {msg: "{{ (dir ~ '/${pick(names)}') is exists }} {{ (dir ~ '/a/*') | fileglob | length }}"}`,
	(pick) => `set_fact: {chosen: "{{ 'a/x' if (dir ~ '/${pick(names)}') is file else 'b/x' }}"}`,
	// Not what it writes itself, also in a loop (which takes a path in double quotes): hosts that do one task at the same time see each other's files as it happens.
	() => `copy: {dest: '{{ dir }}/b/x', content: "{{ (groups_dir ~ '/*/a/*') | fileglob | length }}\\n"}`,
	(_, path) => `stat: {path: ${path}}`,
	(_, path) => `stat: {path: ${path}, follow: true}`,
	(_, path) => `slurp: {src: ${path}}`,
	(pick, path) => `find: {paths: ${path}, recurse: ${pick([true, false])}, file_type: any}`,
	(_, path, other) => `command: mv ${other} ${path}`,
	(pick, path) => `shell: "printf '${pick(['five', 'one'])}\\\\n' >> ${path}"`,
	(_, path, other) => `shell: "rm -rf ${path}; ln -sfn ${other} ${path}"`,
	(_, path) => `command: {cmd: "mkdir -p ${path}", creates: "${path}"}`,
	(pick) => `shell: "sleep 0.0{{ [1, 2, 3] | random(seed=inventory_hostname) }}; test ${pick(['-d', '-f', '-L'])} {{ dir }}/a"`,
	(pick) => `set_fact: {chosen: "${pick(names)}"}`,
	(_, path) =>
		`debug: {msg: "{{ chosen | default('none') }} ${path} {{ groups['all'] | map('extract', hostvars, 'chosen') | map('default', 'no') | join(',') }}"}`,
	(_, path) =>
		`copy: {dest: ${path}, content: "{{ r1 | default({}) | dict2items | map(attribute='key') | sort | join(' ') }}\\n"}`,
];

const conditions = [
	"inventory_hostname == 'h1'",
	"inventory_hostname != 'h2'",
	'r1 is defined and r1 is changed',
	'r2 is defined and r2 is not failed',
	"(dir ~ '/a/x') is exists",
	"(dir ~ '/b/x') is not exists",
	'r3 is not defined or r3.stat is not defined or r3.stat.exists',
] as const;

/** The text of a play of some twenty tasks. Its hosts are h1 to h3, each with a folder `dir` of its own. */
export function randomPlay(seed: number): string {
	const next = random(seed);
	const pick: Pick = (choices) => choices[Math.floor(next() * choices.length)]!;
	const path = () => (next() < 0.1 ? '"{{ dir }}/{{ chosen | default(\'a/x\') }}"' : `"{{ dir }}/${pick(names)}"`);
	const inText = (text: string) => text.replaceAll('"', '');
	const task = (indent: string, allowed: {block?: boolean; handlers?: boolean}): string => {
		if (allowed.block && next() < 0.08) {
			const inner = () => task(`${indent}    `, {});
			return `${indent}- block:\n${inner()}${inner()}${indent}  rescue:\n${inner()}${indent}  always:\n${inner()}`;
		}
		const make = pick(makers);
		const [own, other] = [path(), path()];
		const isText = /^(command|shell|debug)/.test(make(pick, 'P', 'O'));
		let module = isText ? make(pick, inText(own), inText(other)) : make(pick, own, other);
		const lines: string[] = [];
		if (/^(file|copy|lineinfile|stat)/.test(module) && next() < 0.15) {
			module = module.replace(/(path|dest): "\{\{ dir \}\}\/[^"]*"/, '$1: "{{ dir }}/{{ item }}"');
			lines.push(`loop: [${pick(names)}, ${pick(names)}, ${pick(names)}]`);
		}
		if (next() < 0.5) lines.push(`register: ${pick(['r1', 'r2', 'r3'])}`);
		if (next() < 0.3) lines.push(`when: ${pick(conditions)}`);
		if (next() < 0.94) lines.push('ignore_errors: true');
		if (next() < 0.06) lines.push('run_once: true');
		if (next() < 0.08) lines.push(`delegate_to: ${pick(['h2', 'localhost'])}`);
		if (next() < 0.04) lines.push('become: true', 'become_user: nobody');
		if (next() < 0.1 && allowed.handlers) lines.push(`notify: ${pick(['first', 'second'])}`);
		if (next() < 0.05) lines.push('any_errors_fatal: true');
		return `${indent}- ${module}\n${lines.map((line) => `${indent}  ${line}\n`).join('')}`;
	};
	const tasks = Array.from({length: 14 + Math.floor(next() * 12)}, () => task('    ', {block: true, handlers: true}));
	const handlers = ['first', 'second'].map((name) => task('    ', {}).replace('- ', `- name: ${name}\n      `));
	const middle = next() < 0.5 ? '    - meta: flush_handlers\n' : '';
	tasks.splice(Math.floor(tasks.length / 2), 0, middle);
	return `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.join('')}  handlers:\n${handlers.join('')}`;
}
