import {Dict, evaluateExpression, finalize, pythonStr, Secret, type Value} from '../jinja/jinja.js';
import type {Play} from '../playbook/playbook.js';
import {getEntry, type Node, type Span} from '../source/source.js';
import {evaluateNode} from './fields.js';
import type {Run} from './run.js';
import {FieldError} from './task-error.js';

/** Asks for the `vars_prompt` of a play that the command line does not answer already. */
export async function promptVariables(run: Run, play: Play): Promise<void> {
	const node = play.keywords.get('vars_prompt');
	const prompts = node && evaluateNode(node, run.variables.playScope(play), run.variables);
	if (!node || !Array.isArray(prompts)) return;
	for (const prompt of prompts as Value[]) {
		if (!(prompt instanceof Dict)) throw new FieldError('Invalid vars_prompt data structure, expected a list of mappings');
		const name = pythonStr(prompt.get('name') ?? '');
		if (run.variables.hasExtra(name)) continue;
		run.variables.noteName(name, nameSpan(node, name));
		run.variables.setPrompted(name, encrypted(await askFor(run, name, prompt), prompt));
	}
}

async function askFor(run: Run, name: string, prompt: Dict): Promise<Value> {
	const isPrivate = prompt.get('private') !== false;
	const fallback = prompt.get('default');
	const words = pythonStr(prompt.get('prompt') ?? name);
	if (!run.ask) {
		run.emit({type: 'warning', text: 'Not prompting as we are not in interactive mode'});
		return fallback === undefined || fallback === null ? 'None' : pythonStr(fallback);
	}
	const question =
		fallback === undefined || fallback === null ? `${words}: ` : `${words} [${isPrivate ? '«hidden»' : pythonStr(fallback)}]: `;
	for (;;) {
		const typed = await run.ask(question, {secret: isPrivate});
		const isSure = prompt.get('confirm') !== true || (await run.ask(`confirm ${question}`, {secret: isPrivate})) === typed;
		if (!isSure) continue;
		const answer = typed === '' && fallback !== undefined && fallback !== null ? pythonStr(fallback) : typed;
		if (!isPrivate) return answer;
		run.secrets.add(answer);
		return new Secret(answer);
	}
}

/** Where the name of a prompt stands. */
function nameSpan(prompts: Node, name: string): Span | undefined {
	const items = prompts.kind === 'seq' ? prompts.items : [];
	const names = items.map((item) => (item.kind === 'map' ? getEntry(item, 'name')?.value : undefined));
	return names.find((one) => one?.kind === 'scalar' && one.text === name)?.span;
}

/** The answer as `encrypt` wants it, by the filter `password_hash`. */
function encrypted(answer: Value, prompt: Dict): Value {
	const method = prompt.get('encrypt');
	if (method === undefined || method === null) return answer;
	const names: Record<string, Value> = {
		answer,
		method: pythonStr(method).replace(/_crypt$/, ''),
		salt: prompt.get('salt') ?? null,
		size: prompt.get('salt_size') ?? null,
	};
	const scope = {resolve: (name: string) => names[name]};
	return finalize(evaluateExpression('answer | password_hash(method, salt, size)', scope), scope);
}
