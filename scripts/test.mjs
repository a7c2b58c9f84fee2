// npm test: lint, types, vectors (of templates), unit, shells (what runs programs: scripts and modules in each shell, locally and over a loopback sshd), semantics, lab, in that order; prints what each step came to and the closing line `N passed, N failed`.
// Steps can be named: `npm test -- lint unit`. `npm run test:long` takes the long ones: random (plays), faults (lost connections), hostile (templates),
// fuzz (expressions in real Ansible too, whose Python the variable PYTHON names).
import {spawn, spawnSync} from 'node:child_process';
import {existsSync, readdirSync, rmSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);

/** Runs a command, shows its output as it comes, gives its status and its text. */
function run(command, args, {quiet = false, environment = {}} = {}) {
	return new Promise((resolve) => {
		const child = spawn(command, args, {stdio: ['ignore', 'pipe', 'pipe'], env: {...process.env, ...environment}});
		let text = '';
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8');
			stream.on('data', (chunk) => {
				text += chunk;
				if (!quiet) process.stdout.write(chunk);
			});
		}
		child.on('error', (error) => resolve({status: 127, text: `${text}${error.message}`}));
		child.on('close', (status) => resolve({status: status ?? 1, text}));
	});
}

/** A step that is one check. */
async function check(command, args) {
	const {status, text} = await run(command, args, {quiet: true});
	if (status !== 0) process.stdout.write(text);
	return {passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: [], failures: status === 0 ? [] : [args[0]]};
}

const bundles = '.cache/unit';
const bundling = ['--bundle', '--format=esm', '--platform=node', '--target=node20.19', '--packages=external', '--outbase=.'];

/** A step of those test files whose paths below `test/` match. They are bundled before (ava.config.js). Failures are shown whole. */
async function ava(wanted, more = {}) {
	const files = readdirSync('test', {recursive: true}).filter((file) => wanted.test(file));
	rmSync(bundles, {recursive: true, force: true});
	const sources = files.map((file) => join('test', file));
	const built = await run(bin('esbuild'), [...sources, ...bundling, `--outdir=${bundles}`, '--log-level=warning']);
	if (built.status !== 0) return {passed: 0, failed: 1, skipped: [], failures: ['the bundles of the tests']};
	const {status, text} = await run(bin('ava'), ['--tap'], {quiet: true, environment: {PLAYBILL_BUNDLED: '1', ...more}});
	const lines = text.split('\n');
	const skipped = lines.filter((line) => /^ok .*# SKIP/i.test(line)).map((line) => line.replace(/^ok \d+ - /, ''));
	const passed = lines.filter((line) => /^ok /.test(line)).length - skipped.length;
	const failures = lines.filter((line) => /^not ok /.test(line)).map((line) => line.replace(/^not ok \d+ - /, ''));
	const failed = failures.length;
	if (failed > 0 || status !== 0) process.stdout.write(failureText(lines));
	return {passed, failed: failed || (status === 0 ? 0 : 1), skipped, failures};
}

function failureText(lines) {
	const kept = [];
	let showing = false;
	for (const line of lines) {
		if (/^(not )?ok /.test(line)) showing = line.startsWith('not ok');
		if (/^Bail out|^# /.test(line) || !/^(ok|TAP|\d+\.\.|\s*$)/.test(line)) showing ||= !/^# /.test(line);
		if (showing) kept.push(line);
	}
	return `${kept.join('\n')}\n`;
}

/** A step that a script of its own runs: it ends with `N passed, N failed[, N skipped]`, status 77 says why it cannot run here. */
async function script(command, args) {
	const {status, text} = await run(command, args);
	const counts = [...text.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) (?:skipped|known to differ))?$/gm)].at(-1);
	if (status === 77) return {passed: 0, failed: 0, skipped: [text.trim().split('\n').at(-1)]};
	const failed = Number(counts?.[2] ?? 0);
	const failures = [...text.matchAll(/^not ok(?: -|:) (.*)$/gm)].map((claim) => claim[1]);
	return {passed: Number(counts?.[1] ?? 0), failed: failed || (status === 0 && counts ? 0 : 1), skipped: [], failures};
}

/** The template engine against the vectors that lie beside the project, when they do. */
function vectors() {
	const folder = join('..', 'shared', 'vectors');
	const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jsonl.gz')) : [];
	if (!files.length) {
		console.log(`no vectors lie in ${folder}; the project's own rows are among the unit tests`);
		return {passed: 0, failed: 0, skipped: []};
	}
	return script(bin('tsx'), ['scripts/vectors.ts', '--known', ...files.map((name) => join(folder, name))]);
}

const bin = (name) => join('node_modules', '.bin', name);
const steps = {
	lint: () => check(bin('biome'), ['ci', '--error-on-warnings', '.']),
	types: () => check(bin('tsc'), ['-p', 'tsconfig.json']),
	vectors: () => vectors(),
	unit: () => ava(/^[^.]+\.test\.ts$/),
	shells: () => ava(/\.shell\.test\.ts$/),
	semantics: () => script('node', ['scripts/semantics.mjs']),
	lab: () => script('sh', ['lab/test']),
};
const longSteps = {
	random: () => ava(/^engine\/equivalence\.shell\.test\.ts$/, {PLAYBILL_PLAYS: '200', PLAYBILL_SEED: '1000'}),
	faults: () => ava(/^connection\/lost-step\.shell\.test\.ts$|\.long\.test\.ts$/),
	hostile: () => script('node', ['scripts/hostile.mjs']),
	fuzz: () => fuzz(),
};

/** Random expressions, where there is a Python with ansible-core to compare with. */
function fuzz() {
	if (process.env.PYTHON) return check('node', ['scripts/fuzz/run.mjs']);
	return {passed: 0, failed: 0, skipped: ['random expressions: PYTHON names no Python with ansible-core']};
}

for (const script of ['scripts/ready', 'scripts/tools'])
	if (spawnSync('sh', [script], {stdio: 'inherit'}).status !== 0) process.exit(1);
const named = process.argv.slice(2);
for (const name of named) {
	if (name in steps || name in longSteps) continue;
	console.error(`there is no step ${name}; the steps are ${[...Object.keys(steps), ...Object.keys(longSteps)].join(', ')}`);
	process.exit(2);
}
const total = {passed: 0, failed: 0, skipped: [], failures: []};
for (const name of named.length > 0 ? named : Object.keys(steps)) {
	if (name === 'lab' && !existsSync('lab/test')) continue;
	console.log(`== ${name}`);
	const started = Date.now();
	const {passed, failed, skipped, failures = []} = await (steps[name] ?? longSteps[name])();
	console.log(
		`== ${name}: ${passed} passed, ${failed} failed${skipped.length ? `, ${skipped.length} skipped` : ''} (${((Date.now() - started) / 1000).toFixed(1)} s)`,
	);
	for (const reason of skipped) console.log(`   skipped: ${reason}`);
	total.passed += passed;
	total.failed += failed;
	total.skipped.push(...skipped);
	total.failures.push(...failures.map((failure) => `${name}: ${failure}`));
}
// Named once more where a long output ends.
for (const failure of total.failures) console.log(`failed: ${failure}`);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped.length ? `, ${total.skipped.length} skipped` : ''}`);
process.exitCode = total.failed > 0 ? 1 : 0;
