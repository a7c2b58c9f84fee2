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
		gather_timeout: {type: 'int', default: 10, description: 'Seconds that one sort of facts may take.'},
		filter: {type: 'list', elements: 'str', default: [], description: 'Patterns of the names of facts to return.'},
		fact_path: {type: 'path', default: '/etc/ansible/facts.d', description: 'The folder of the host’s own facts.'},
	},
	inCheckMode: 'run',
	needsHost: true,
	onlyReads: true,
	act({gather_subset: subset, fact_path: folder}) {
		const parts = ['hardware', 'network', 'virtual'].filter((part) => chooseCollectors(subset).has(part));
		return {steps: [{script: gatherRaw, args: [parts.join(' '), folder], parse: ({stdout}) => new RawFacts(stdout.toString())}]};
	},
	conclude({gather_subset: subset, filter}, _before, outputs) {
		const raw = outputs[0] as RawFacts;
		if (!raw.isWhole) throw new ModuleFailure('the host did not answer with its facts to the end');
		const {facts: all, warnings} = makeFacts(raw, chooseCollectors(subset));
		const facts: Result = {...filterFacts(all, filter), gather_subset: subset, module_setup: true};
		const named = Object.entries(facts).map(
			([name, value]) => [name === 'gather_subset' || name === 'module_setup' ? name : `ansible_${name}`, value] as const,
		);
		return {
			result: {ansible_facts: Dict.from(named), ...(warnings.length > 0 ? {warnings: [...warnings]} : {})},
			changed: false,
			effects: [{kind: 'facts', facts}],
		};
	},
});
