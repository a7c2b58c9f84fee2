import {Dict, type Value} from '../jinja/jinja.js';
import {Changes} from './changes.js';
import {dictLayer, type Layer, lazyLayer} from './layer.js';

/** What is known of one host beyond the inventory: facts, `set_fact` and `register`, `include_vars`. Its layers show what is known at the time. */
export class HostState {
	/** The names that were set for this host alone. */
	readonly changes = new Changes();
	/** By names without `ansible_`. */
	facts = new Dict();
	readonly set = new Dict();
	readonly included = new Dict();
	/** `set_fact` and `register` over `include_vars`. */
	readonly aboveTask: readonly Layer[] = [dictLayer('set_fact', this.set), dictLayer('include_vars', this.included)];
	readonly factLayers: readonly Layer[];

	/** `injectFacts`: facts are variables too (`ansible_os_family`). */
	constructor(injectFacts: boolean) {
		const whole = lazyLayer('facts', {
			ansible_facts: () => this.facts,
			ansible_local: () => this.facts.get('ansible_local') ?? this.facts.get('local') ?? new Dict(),
		});
		const injected: Layer = {
			label: 'facts',
			get: (name) => (name.startsWith('ansible_') ? this.#injected(name) : undefined),
			names: () =>
				[...this.facts.keys()].map((key) => (String(key).startsWith('ansible_') ? String(key) : `ansible_${String(key)}`)),
		};
		this.factLayers = injectFacts ? [whole, injected] : [whole];
	}

	#injected(name: string): Value | undefined {
		return this.facts.get(name.slice('ansible_'.length)) ?? this.facts.get(name);
	}
}
