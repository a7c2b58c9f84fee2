/*
 * npm run bench [-- NAME... --only TOOL --turns N --full]: measures Playbill beside its rivals on real hosts (the lab), writes the figures to
 * bench/results.json and the page docs/speed.md with its plots. Names are those of `measurements` below; without one, all of them.
 * Ends with 1 when less was reached than is promised (bench/promises.ts).
 * Needs what the lab needs: root on Debian 12. Everything runs in a network of its own and ends with it.
 */
import {execFileSync, spawnSync} from 'node:child_process';
import {cpSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {compare, type Terms} from './compare.js';
import {growthInHosts, growthInTasks} from './growth.js';
import {Lab} from './lab.js';
import {type Options, readOptions} from './options.js';
import {writePage} from './page.js';
import {perTask} from './per-task.js';
import {promisesIn} from './promises.js';
import {load, machine, type Row, readResults, writeResults} from './results.js';
import {type Paths, type Scenario, scenarios} from './scenario.js';
import {startUp} from './start-up.js';
import {showRows} from './table.js';
import {toolsOf} from './tool.js';

/** What can be measured, by name. */
interface Measurement {
	readonly name: string;
	measure(terms: Terms): Promise<Row[]>;
}

const root = join(import.meta.dirname, '..');

function compared(scenario: Scenario, {full}: Options): Measurement {
	return {
		name: scenario.name,
		async measure(terms) {
			scenario.prepare?.(terms.paths);
			const rows: Row[] = [];
			for (const setting of scenario.settings) {
				if (setting.full && !full) continue;
				rows.push(...(await compare(setting.full ? {...terms, turns: 1} : terms, scenario, setting)));
			}
			return rows;
		},
	};
}

async function main(): Promise<void> {
	const options = readOptions(process.argv.slice(2));
	const measurements = [
		...scenarios.map((scenario) => compared(scenario, options)),
		startUp,
		perTask,
		growthInTasks,
		growthInHosts(options.full),
	];
	const unknown = options.names.find((name) => !measurements.some((one) => one.name === name));
	if (unknown !== undefined)
		throw new Error(`there is no scenario ${unknown}; there are ${measurements.map(({name}) => name).join(', ')}`);
	const wanted = measurements.filter(({name}) => options.names.length === 0 || options.names.includes(name));
	if (!process.env['LAB_STATE']) return enterLab();
	const paths: Paths = {root, cache: join(root, '.cache/bench'), state: process.env['LAB_STATE']};
	keepProgram(paths);
	const tools = toolsOf(paths).filter(({name}) => options.only.length === 0 || options.only.includes(name));
	if (tools.some(({isInRoot}) => isInRoot)) execFileSync(join(root, 'bench/install-rivals'), {stdio: 'inherit'});
	const say = (line: string) => console.log(line);
	const terms: Terms = {paths, lab: new Lab(paths), tools, turns: options.turns, limit: options.limit, say};
	// What is measured raises it itself later.
	const loadBefore = load();
	for (const measurement of wanted) {
		const section = {
			at: new Date().toISOString().slice(0, 10),
			machine: machine(),
			load: loadBefore,
			versions: Object.fromEntries(tools.map((tool) => [tool.name, tool.version()])),
			rows: await measurement.measure(terms),
		};
		say(showRows(section.rows, tools));
		for (const {own, all} of promisesIn(section.rows))
			for (const {tool, promised, reached} of all.filter(({isKept}) => !isKept)) {
				say(`missed: ${own.state}, ${own.hosts} hosts, ${own.roundTrip} ms: ${tool} ${reached}, promised ${promised}`);
				process.exitCode = 1;
			}
		// Figures of one tool alone are for whoever works on it.
		if (options.only.length > 0) continue;
		const results = join(root, 'bench/results.json');
		writeResults(results, {...readResults(results), [measurement.name]: section});
		writePage(root);
	}
}

/** The program is measured as it is built now, whatever is built while it is measured. */
function keepProgram({cache}: Paths): void {
	const kept = join(cache, 'program');
	rmSync(kept, {recursive: true, force: true});
	for (const part of ['bin', 'dist', 'package.json']) cpSync(join(root, part), join(kept, part), {recursive: true});
}

/** Starts anew in a network of its own, where the lab meets no other. */
function enterLab(): void {
	execFileSync('sh', ['scripts/ready'], {cwd: root, stdio: 'inherit'});
	const {status} = spawnSync(join(root, 'lab/alone'), [process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
		stdio: 'inherit',
	});
	process.exitCode = status ?? 1;
}

await main();
