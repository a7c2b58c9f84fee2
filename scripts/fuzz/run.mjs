// npm run fuzz [-- COUNT [SEED]]: random expressions in Playbill and in real Ansible. PYTHON names a Python that has ansible-core (default: python3).
// Prints what `npm run vectors` prints; exit status 1 when fewer than 99 of a hundred agree.
import {spawnSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

process.chdir(join(fileURLToPath(import.meta.url), '..', '..', '..'));
const [count = '6000', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const tsx = join('node_modules', '.bin', 'tsx');
const folder = join('.cache', 'fuzz');
const file = join(folder, `${seed}.jsonl`);

/** Runs a program; ends with its status when it fails. */
function run(command, args, options = {}) {
	const {status, stdout, error} = spawnSync(command, args, {stdio: 'inherit', maxBuffer: 2 ** 30, ...options});
	if (status !== 0) {
		if (error) console.error(error.message);
		process.exit(status || 1);
	}
	return stdout;
}

mkdirSync(folder, {recursive: true});
console.log(`${count} expressions of seed ${seed}, in ${file}`);
writeFileSync(file, run(tsx, ['scripts/fuzz/vectors.ts', count, seed], {stdio: ['ignore', 'pipe', 'inherit']}));
run(process.env.PYTHON ?? 'python3', ['scripts/fuzz/reference.py', file]);
run(tsx, ['scripts/vectors.ts', file, '--min', '99']);
