import {Dict} from '../jinja/jinja.js';
import {defineAction, ModuleFailure, type Result} from './contract.js';
import {makeFacts} from './facts/facts.js';
import {gatherRaw} from './facts/gather-script.js';
import {RawFacts} from './facts/raw-facts.js';
import {chooseCollectors, filterFacts} from './facts/subsets.js';

interface SetupArguments {
	readonly gather_subset: readonly string[];
	readonly gather_timeout: number;
	readonly filter: readonly string[];
	readonly fact_path: string;
	readonly [other: string]: unknown;
}

export default defineAction<SetupArguments>({
	name: 'setup',
	summary: 'Gather facts about a host.',
	args: {
		gather_subset: {
			type: 'list',
			elements: 'str',
			default: ['all'],
			description: 'Which sorts of facts to gather; `!` before a name leaves one out.',
		},
		gather_timeout: {type: 'int', default: 10, description: 'Seconds that mounted file systems have to tell their sizes.'},
		filter: {type: 'list', elements: 'str', default: [], description: 'Patterns of the names of facts to return.'},
		fact_path: {type: 'path', default: '/etc/ansible/facts.d', description: 'The folder of the host’s own facts.'},
	},
	inCheckMode: 'run',
	needsHost: true,
	onlyReads: true,
	act({gather_subset: subset, fact_path: folder, gather_timeout: limit}) {
		const parts = ['hardware', 'network', 'virtual'].filter((part) => chooseCollectors(subset).has(part));
		return {
			steps: [
				{script: gatherRaw, args: [parts.join(' '), folder, String(limit)], parse: ({stdout}) => new RawFacts(stdout.toString())},
			],
		};
	},
	conclude({gather_subset: subset, filter}, _before, outputs) {
		const raw = outputs[0] as RawFacts;
		if (!raw.isWhole) throw new ModuleFailure('the host did not answer with its facts to the end');
		const {facts: all, warnings} = makeFacts(raw, chooseCollectors(subset));
		const facts = filterFacts({...prefixed(all), gather_subset: subset, module_setup: true}, filter);
		return {
			result: {ansible_facts: Dict.from(Object.entries(facts))},
			changed: false,
			warnings,
			effects: [{kind: 'facts', facts}],
		};
	},
});

function prefixed(facts: Result): Result {
	return Object.fromEntries(Object.entries(facts).map(([name, value]) => [`ansible_${name}`, value]));
}
