import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {microsecondsPerFurtherHost, microsecondsPerTask} from './per-task.js';
import {type Plot, plotSvg} from './plot.js';
import {promisesIn} from './promises.js';
import {type Figures, type Results, type Row, readResults, type Section} from './results.js';
import {type Scenario, scenarios} from './scenario.js';
import {groups, shown} from './table.js';

const tools = ['playbill', 'ansible', 'mitogen', 'rs', 'pyinfra'] as const;
const titles: Readonly<Record<string, string>> = {
	playbill: 'Playbill',
	ansible: 'ansible-core',
	mitogen: '+ mitogen',
	rs: 'ansible-core-rs',
	pyinfra: 'pyinfra',
	node: 'bare Node',
};

/** Writes docs/speed.md and its plots from bench/results.json. */
export function writePage(root: string): void {
	const {page, plots} = pageOf(readResults(join(root, 'bench/results.json')));
	const folder = join(root, 'docs/speed');
	mkdirSync(folder, {recursive: true});
	for (const [name, svg] of plots) writeFileSync(join(folder, name), svg);
	writeFileSync(join(root, 'docs/speed.md'), page);
}

/** The page and its plots, by file name. */
export function pageOf(results: Results): {readonly page: string; readonly plots: ReadonlyMap<string, string>} {
	const plots = new Map<string, string>();
	const parts = [
		introduction,
		...scenarios.map((scenario) => results[scenario.name] && comparison(scenario, results[scenario.name]!)),
		results['start-up'] && startUpPart(results['start-up']),
		results['per-task'] && perTaskPart(results['per-task']),
		results['growth-hosts'] && growthPart('hosts', results['growth-hosts'], plots),
		results['growth-tasks'] && growthPart('tasks', results['growth-tasks'], plots),
	];
	return {page: `${parts.filter(Boolean).join('\n\n')}\n`, plots};
}

const introduction = `# Speed

Made by \`npm run bench\` out of bench/results.json; not edited by hand. Everything runs on one machine: the hosts (lab/, Debian 12 with systemd, sshd and
Python) and the program that is measured. Absolute figures drift with the machine and with what else it does, and the hosts' own work is in them; what can be
compared are the multiples, which were taken in turns (A B A B), each the best of its two runs (what took longer than 15 s had one).

- Every tool is used as its users would at their best: ansible-core with pipelining, SSH connections kept open, as many forks as hosts, the interpreter named
  so that it is not searched for, facts gathered only where they are what is measured; mitogen with its linear strategy; pyinfra in Python's own words.
- All tools do the same work: after each changing run what it left on the first host is compared with what Playbill left.
- *CPU* is the processor time of all processes of the tool on the controller, *memory* the most they had at once (shared pages counted once).
- *Round trips* and *bytes* were counted by a proxy that also delays every byte by half of the round trip: a round trip is something sent that could not have
  been sent before something else had been received.
- Between two runs of each scenario a file is changed on one host behind Playbill's back; the bench fails unless the next run finds it.`;

function comparison(scenario: Scenario, section: Section): string {
	const all = groups(section.rows);
	const differing = section.rows.filter(({differs}) => differs !== undefined);
	const tables: [string, keyof Figures, (value: number, row: Row) => string][] = [
		['Wall time', 'wall', shown.seconds],
		['Controller CPU', 'cpu', shown.seconds],
		['Memory', 'memory', shown.megabytes],
		['Round trips a task', 'roundTrips', (value, {tasks}) => (value / tasks).toFixed(2)],
		['Bytes on the wire a host', 'bytes', shown.kilobytes],
	];
	return [
		`## ${scenario.title}\n\n${[scenario.note, provenance(section)].filter(Boolean).join(' ')}`,
		...tables
			.filter(([, figure]) => section.rows.some((row) => row[figure] !== undefined))
			.map(([title, figure, show]) => table(title, figure, show, all)),
		promisesPart(section.rows),
		...(differing.length > 0
			? [`Left otherwise than by Playbill: ${differing.map(({tool, differs}) => `${titles[tool]}: \`${differs}\``).join('; ')}.`]
			: []),
	]
		.filter(Boolean)
		.join('\n\n');
}

/** What is promised of these rows beside what was reached; empty when nothing is. */
function promisesPart(rows: readonly Row[]): string {
	const found = promisesIn(rows);
	if (found.length === 0) return '';
	const titled = {wall: '', cpu: ', CPU', roundTrips: ', round trips a task'};
	const lines = found.map(({own, figure, all}) => [
		`${caseName(own)}${titled[figure]}`,
		...tools.map((tool) => {
			const one = all.find((promise) => promise.tool === tool);
			return one ? `${one.isKept ? '' : '**missed:** '}${one.reached} (${one.promised})` : '';
		}),
	]);
	return markdown(['Reached (and promised)', ...tools.map((tool) => titles[tool]!)], lines);
}

function table(title: string, figure: keyof Figures, show: (value: number, row: Row) => string, all: readonly Row[][]): string {
	const present = tools.filter((tool) => all.some((group) => group.some((row) => row.tool === tool)));
	const rows = all
		.filter((group) => group.some((row) => row[figure] !== undefined))
		.map((group) => {
			const own = group.find(({tool}) => tool === 'playbill');
			const cells = present.map((tool) =>
				cell(
					group.find((row) => row.tool === tool),
					own,
					figure,
					show,
				),
			);
			return [caseName(group[0]!), ...cells];
		});
	return markdown([title, ...present.map((tool) => titles[tool]!)], rows);
}

function caseName({state, hosts, roundTrip}: Row): string {
	const place = `${hosts} host${hosts === 1 ? '' : 's'}${roundTrip ? `, ${roundTrip} ms away` : ''}`;
	return state === 'read' ? place : `${state}, ${place}`;
}

function cell(
	row: Row | undefined,
	own: Row | undefined,
	figure: keyof Figures,
	show: (value: number, row: Row) => string,
): string {
	if (!row) return '';
	if (row.failed) return figure === 'wall' ? row.failed.split('\n')[0]!.slice(0, 160).replaceAll('|', '\\|') : '';
	const [value, base] = [row[figure], own?.[figure]];
	if (typeof value !== 'number' || (row.ended && figure !== 'wall')) return '';
	if (row.ended && own) return `more than ${show(value, row)} (**> ${shown.ratio(value / own.wall)}**)`;
	const isMultiple = typeof base === 'number' && base > 0 && row !== own && !own?.failed;
	return isMultiple ? `${show(value, row)} (**${shown.ratio(value / base)}**)` : show(value, row);
}

function startUpPart(section: Section): string {
	const works = [...new Set(section.rows.map(({scenario}) => scenario))];
	const present = ['node', ...tools].filter((tool) => section.rows.some((row) => row.tool === tool));
	const rows = works.map((work) => {
		const of = section.rows.filter(({scenario}) => scenario === work);
		return [
			work,
			...present.map((tool) =>
				cell(
					of.find((row) => row.tool === tool),
					undefined,
					'wall',
					(value) => `${Math.round(value * 1000)} ms`,
				),
			),
		];
	});
	return [
		`## Start-up\n\n\`--version\`, a playbook of one task on this machine, and the check of a playbook of 5,000 tasks in 50 roles (\`--syntax-check\`). ${provenance(section)}`,
		markdown(['Wall time', ...present.map((tool) => titles[tool]!)], rows),
	].join('\n\n');
}

function perTaskPart(section: Section): string {
	const rows = section.rows
		.filter(({tasks}) => tasks > 1)
		.map((row) => [
			row.scenario,
			String(row.tasks),
			String(row.hosts),
			shown.seconds(row.cpu),
			shown.megabytes(row.memory),
			`${microsecondsPerTask(row, section.rows).toFixed(0)} µs`,
			microsecondsPerFurtherHost(row, section.rows)?.toFixed(0).concat(' µs') ?? '',
		]);
	return [
		`## Tasks that reach no host\n\nSkipped by \`when\`, or done on the controller; everything included, output too. What a task costs at all (reading it, checking it) is in the first host's share: each further host
adds what the last column says. ${provenance(section)}`,
		markdown(['Task', 'tasks', 'hosts', 'CPU', 'memory', 'CPU a task and host', 'of each further host'], rows),
	].join('\n\n');
}

function growthPart(by: 'hosts' | 'tasks', section: Section, plots: Map<string, string>): string {
	const line = (state: string, figure: 'wall' | 'cpu' | 'memory', unit: number) => ({
		name: `${state}${figure === 'cpu' ? ', CPU' : ''}`,
		points: section.rows.filter((row) => row.state === state).map((row) => [row[by], row[figure] / unit] as const),
	});
	const constant = by === 'hosts' ? `${section.rows[0]?.tasks} tasks` : `${section.rows[0]?.hosts} hosts`;
	const drawn: Record<string, Plot> = {
		[`${by}-time.svg`]: {
			title: `Time by ${by} (${constant})`,
			x: by,
			y: 'seconds',
			lines: [line('changed', 'wall', 1), line('unchanged', 'wall', 1), line('unchanged', 'cpu', 1)],
		},
		[`${by}-memory.svg`]: {
			title: `Memory by ${by} (${constant})`,
			x: by,
			y: 'MB',
			lines: [line('changed', 'memory', 1e6), line('unchanged', 'memory', 1e6)],
		},
	};
	for (const [name, plot] of Object.entries(drawn)) plots.set(name, plotSvg(plot));
	const how =
		by === 'hosts'
			? 'A few hosts of the lab answer on 250 addresses each: every name has a connection and a shell of its own, while their work is done by those few, on the same machine (so a connection may take up to two minutes, not ten seconds).'
			: 'Files, copies, templates and lines in turn.';
	const rows = section.rows.map((row) => [
		row.state,
		String(row[by]),
		shown.seconds(row.wall),
		shown.seconds(row.cpu),
		shown.megabytes(row.memory),
		`${((row.wall / row[by]) * 1000).toFixed(1)} ms`,
	]);
	return [
		`## Growth in ${by}\n\n${how} ${shareOf(by, section)} ${provenance(section)}`,
		Object.keys(drawn)
			.map((name) => `![${drawn[name]!.title}](speed/${name})`)
			.join('\n'),
		markdown(['State', by, 'wall', 'CPU', 'memory', `wall a ${by.slice(0, -1)}`], rows),
	].join('\n\n');
}

/** How far the greatest number is from proportion. */
function shareOf(by: 'hosts' | 'tasks', {rows}: Section): string {
	const share = (row: Row) => `${((row.cpu / row[by]) * 1000).toFixed(1)} ms`;
	const of = (state: string) => {
		const own = rows.filter((row) => row.state === state);
		const [middle, last] = [own[Math.floor(own.length / 2)]!, own.at(-1)!];
		return `${share(middle)} at ${middle[by]} and ${share(last)} at ${last[by]} where they are ${state}`;
	};
	return `Of the controller's CPU one takes ${of('unchanged')}, ${of('changed')}.`;
}

function provenance({at, machine, load, versions}: Section): string {
	const busy = load >= 0.5 ? `, which had other work too (load ${load.toFixed(1)} a core)` : '';
	const named = Object.entries(versions).map(([tool, version]) => `${titles[tool]} ${version}`);
	return `Measured ${at} on ${machine}${busy}: ${named.join(', ')}.`;
}

function markdown(header: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	const rule = header.map((_, index) => (index === 0 ? '---' : '---:'));
	return [line(header), line(rule), ...rows.map(line)].join('\n');
}
