/*
 * Scores the template engine against files of vectors (JSON lines, also gzipped): `npm run vectors -- FILE… [--min PERCENT] [--known]`.
 * A file may begin with a context line (`kind: "context"`); lines with `mode` are Ansible's, others plain Jinja. Values and errors are two
 * figures; exit status 1 when the total is below the minimum. `--known` is for tests: what fails must be in `vector-differences.ts`, and what is
 * there must fail; the last line is `N passed, N failed`.
 */
import {readFileSync} from 'node:fs';
import {basename} from 'node:path';
import {gunzipSync} from 'node:zlib';
import {knownDifferences} from './vector-differences.js';
import {type Outcome, parseLine, runAnsibleVector, runJinjaVector, type Vector, type VectorContext} from './vector-run.js';

interface Tally {
	passed: number;
	total: number;
}

/** Words of the language that the engine is written in, which no value or message may have. */
const ownWords =
	/\[object \w+\]|\bNaN\b|\bundefined \(reading|\b(?:Type|Reference|Range)Error\b|is not a function|Cannot read prop/;

const files: string[] = [];
let minimum = 0;
let onlyKnown = false;
const args = process.argv.slice(2);
while (args.length) {
	const arg = args.shift()!;
	if (arg === '--min') minimum = Number(args.shift());
	else if (arg === '--known') onlyKnown = true;
	else files.push(arg);
}
if (!files.length || Number.isNaN(minimum)) {
	console.error('usage: npm run vectors -- FILE… [--min PERCENT] [--known]');
	process.exit(2);
}

const overall: Tally = {passed: 0, total: 0};
/** What failed and is known to, and what ought to have failed. */
const known = {met: 0, unmet: 0};
for (const file of files) scoreFile(file);
console.log(`total ${show(overall)}`);
if ((100 * overall.passed) / Math.max(1, overall.total) < minimum) process.exitCode = 1;
if (onlyKnown) {
	const failed = overall.total - overall.passed - known.met + known.unmet;
	console.log(`${overall.passed - known.unmet} passed, ${failed} failed, ${known.met} known to differ`);
	if (failed) process.exitCode = 1;
}

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
	const reason = knownDifferences.get(String(vector.get('source')));
	if (outcome.passed && !speaksOfItself(outcome)) {
		kind.passed++;
		overall.passed++;
		if (!reason || !onlyKnown) return;
		known.unmet++;
		console.log(`PASSES THOUGH IT IS SAID TO DIFFER ${vector.get('id')} ${JSON.stringify(vector.get('source'))}`);
		return;
	}
	if (reason) known.met++;
	const source = JSON.stringify(vector.get('source'));
	if (reason && onlyKnown) {
		console.log(`DIFFERS ${vector.get('id')} [${category}] ${shortened(source, 100)}: ${reason}`);
		return;
	}
	console.log(`FAIL ${vector.get('id')} [${category}] ${source}`);
	console.log(`  expected ${shortened(outcome.expected, 1000)}`);
	console.log(`  got      ${shortened(outcome.got, 1000)}`);
	if (reason) console.log(`  because  ${reason}`);
}

function speaksOfItself({got, expected}: Outcome): boolean {
	return ownWords.test(got) && !ownWords.test(expected);
}

function shortened(text: string, length: number): string {
	return text.length > length ? `${text.slice(0, length)}… (${text.length} characters)` : text;
}

function show({passed, total}: Tally): string {
	return `${passed}/${total}${total ? ` (${((100 * passed) / total).toFixed(1)} %)` : ''}`;
}
