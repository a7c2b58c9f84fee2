/*
 * Scores the template engine against files of vectors (JSON lines, also gzipped): `npm run vectors -- FILE… [--min PERCENT] [--list]`.
 * A file may begin with a context line (`kind: "context"`); lines with `mode` are Ansible's, others plain Jinja. Values and errors are two
 * figures; exit status 1 when the total is below the minimum.
 */
import {readFileSync} from 'node:fs';
import {basename} from 'node:path';
import {gunzipSync} from 'node:zlib';
import {type Outcome, parseLine, runAnsibleVector, runJinjaVector, type Vector, type VectorContext} from './vector-run.js';

interface Tally {
	passed: number;
	total: number;
}

const files: string[] = [];
let minimum = 0;
const args = process.argv.slice(2);
while (args.length) {
	const arg = args.shift()!;
	if (arg === '--min') minimum = Number(args.shift());
	else files.push(arg);
}
if (!files.length || Number.isNaN(minimum)) {
	console.error('usage: npm run vectors -- FILE… [--min PERCENT]');
	process.exit(2);
}

const overall: Tally = {passed: 0, total: 0};
for (const file of files) scoreFile(file);
console.log(`total ${show(overall)}`);
if ((100 * overall.passed) / Math.max(1, overall.total) < minimum) process.exitCode = 1;

function scoreFile(file: string): void {
	const raw = readFileSync(file);
	const text = (raw[0] === 0x1f && raw[1] === 0x8b ? gunzipSync(raw) : raw).toString('utf8');
	const tallies = new Map<string, {value: Tally; error: Tally}>();
	let context: VectorContext | undefined;
	let skipped = 0;
	for (const line of text.split('\n')) {
		if (!line) continue;
		const vector = parseLine(line);
		if (vector.get('kind') === 'context') {
			context = vector;
			continue;
		}
		if (vector.has('quirk') || vector.get('unstable') === true) {
			skipped++;
			continue;
		}
		score(vector, context, tallies);
	}
	console.log(`${basename(file)}${skipped ? ` (${skipped} skipped: accidents of the reference)` : ''}`);
	for (const [category, {value, error}] of [...tallies].sort())
		console.log(`  ${category.padEnd(20)} values ${show(value)}  errors ${show(error)}`);
}

function score(vector: Vector, context: VectorContext | undefined, tallies: Map<string, {value: Tally; error: Tally}>): void {
	const outcome: Outcome = vector.has('mode') ? runAnsibleVector(vector, context) : runJinjaVector(vector);
	const category = String(vector.get('cat') ?? vector.get('file') ?? 'all');
	let tally = tallies.get(category);
	if (!tally) {
		tally = {value: {passed: 0, total: 0}, error: {passed: 0, total: 0}};
		tallies.set(category, tally);
	}
	const kind = outcome.expectsError ? tally.error : tally.value;
	kind.total++;
	overall.total++;
	if (outcome.passed) {
		kind.passed++;
		overall.passed++;
		return;
	}
	console.log(`FAIL ${vector.get('id')} [${category}] ${JSON.stringify(vector.get('source'))}`);
	console.log(`  expected ${outcome.expected}`);
	console.log(`  got      ${outcome.got}`);
}

function show({passed, total}: Tally): string {
	return `${passed}/${total}${total ? ` (${((100 * passed) / total).toFixed(1)} %)` : ''}`;
}
