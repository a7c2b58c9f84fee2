// npm run test:hostile: evaluates each hostile template of test/jinja/hostile-templates.ts in a process of its own that has 64 MB, and demands
// that it ends within a second of CPU time with a value or an error of the language. The last line is `N passed, N failed`.
import {spawn, spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

process.chdir(join(fileURLToPath(import.meta.url), '..', '..'));
const megabytes = 64;
const milliseconds = 1000;
/** Wall-clock time after which a process is ended: the machine may be busy. */
const patience = 30_000;

const compiled = spawnSync(join('node_modules', '.bin', 'tsc'), ['-p', 'scripts/hostile.tsconfig.json'], {stdio: 'inherit'});
if (compiled.status !== 0) process.exit(1);
const child = join('.cache', 'hostile', 'scripts', 'hostile-child.js');

/** Evaluates one template; gives what was wrong, undefined when nothing was. */
function run(index) {
	return new Promise((resolve) => {
		const started = spawn(process.execPath, [`--max-old-space-size=${megabytes}`, child, String(index)], {
			stdio: ['ignore', 'pipe', 'ignore'],
		});
		let text = '';
		started.stdout.on('data', (chunk) => {
			text += chunk;
		});
		const timer = setTimeout(() => started.kill('SIGKILL'), patience);
		started.on('close', (status, signal) => {
			clearTimeout(timer);
			const lines = text.trim().split('\n');
			const {source, fault, spent} = Object.assign({}, ...lines.filter(Boolean).map((line) => JSON.parse(line)));
			let wrong = fault;
			if (spent === undefined) wrong = `ended by ${signal ?? `status ${status}`}`;
			else if (spent > milliseconds) wrong = `took ${Math.round(spent)} ms`;
			resolve(wrong === undefined ? undefined : `${wrong}: ${source}`);
		});
	});
}

const count = Number(spawnSync(process.execPath, [child, 'count'], {encoding: 'utf8'}).stdout);
let next = 0;
let passed = 0;
let failed = 0;
await Promise.all(
	[1, 2].map(async () => {
		while (next < count) {
			const wrong = await run(next++);
			if (wrong === undefined) passed++;
			else {
				failed++;
				console.log(wrong);
			}
		}
	}),
);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || !passed ? 1 : 0;
