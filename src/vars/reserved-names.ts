import {globalNames} from '../jinja/jinja.js';
import {keywords} from '../playbook/playbook.js';
import type {MapNode, Span} from '../source/source.js';

/** Keywords that may be names of variables. */
const allowed: ReadonlySet<string> = new Set(['gather_subset', 'listen', 'role', 'user', 'vars']);

/** Names of variables that mean something else already: functions of templates and keywords, as they are or with a part behind them (ansible/vars/reserved.py). */
export const reservedNames: ReadonlySet<string> = new Set([
	...Object.keys(keywords).filter((name) => !allowed.has(name)),
	...globalNames(),
	...['async_val', 'loop_with', 'validate_argspec', 'with_'],
]);

/** Tells of each place where a variable gets such a name, once. */
export class ReservedNames {
	readonly #tell: (name: string, span: Span | undefined) => void;
	readonly #told = new Map<string, Set<string>>();

	constructor(tell: (name: string, span: Span | undefined) => void) {
		this.#tell = tell;
	}

	/** The keys of a mapping of variables. */
	inMap({entries}: MapNode): void {
		for (const {key} of entries) this.name(key.text, key.span);
	}

	name(name: string, span?: Span): void {
		if (!reservedNames.has(name)) return;
		const told = this.#told.get(name) ?? new Set();
		const place = span ? `${span.file.path} ${span.start}` : '';
		if (told.has(place)) return;
		this.#told.set(name, told.add(place));
		this.#tell(name, span);
	}
}
