import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {openConnection, sh} from '../../src/connection/connection.js';
import {Knowledge} from '../../src/engine/knowledge.js';
import {perform} from '../../src/engine/perform.js';
import {type Args, defineModule, type ModuleDefinition, type States} from '../../src/modules/contract.js';
import {exists, type PathState, readPath} from '../../src/modules/kinds/path.js';
import {localTarget, performHost} from '../modules/perform-host.js';

const makes = sh`
	# prints nothing
	: >"$1"
`;

/** Makes a file before it decides, and tells whether it then saw it, as \`update_cache\` and \`daemon_reload\` do. */
const module = defineModule<Args & {path: string}, {file: PathState}>({
	name: 'makes',
	summary: 'Make a file.',
	args: {path: {type: 'path', required: true, description: 'The file.'}},
	inspect: ({path}) => ({file: readPath(path)}),
	prelude: ({path}) => [{script: makes, args: [path]}],
	plan: (_, {file}) => ({after: {file}}),
	apply: () => [],
	report: (_, {before}) => ({seen: exists(before.file)}),
});

for (const [how, own] of [
	['', false],
	['by a task that looks for itself', true],
] as const) {
	for (const remaining of [undefined, () => 10_000]) {
		test(`what is done before the decision is seen${how && `, ${how}`}${remaining ? ', within a limit of time' : ''}`, async (t) => {
			const folder = mkdtempSync(join(tmpdir(), 'playbill-prelude-'));
			const connection = await openConnection(localTarget, {home: folder, user: 'root'});
			t.teardown(async () => {
				await connection.close();
				rmSync(folder, {recursive: true});
			});
			const knowledge = new Knowledge();
			const {readings: ownReadings} = knowledge.apart(localTarget);
			const host = {
				...performHost(() => connection.shell()),
				readings: own ? ownReadings : knowledge.of(localTarget),
				ownReadings,
				changedAnything: () => knowledge.forgetAll(),
			};
			const path = join(folder, 'made');
			const options = {check: false, diff: false, scope: undefined as never, ...(remaining ? {remaining} : {})};
			const {result} = await perform(module as unknown as ModuleDefinition<Args, States>, {path}, host, options);
			t.true(existsSync(path));
			t.true(result.seen);
		});
	}
}
