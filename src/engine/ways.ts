import type {Become, Target} from '../connection/connection.js';
import {finalize, Template} from '../jinja/jinja.js';
import type {Layer, TaskScope, Variables} from '../vars/vars.js';
import {connectionKey} from './connections.js';
import type {Fields} from './fields.js';
import type {ConnectionDefaults} from './run-options.js';
import {becomeOf, connectionKeywords, connectionVariables, targetOf} from './target.js';

/** How a host is reached, as whom. */
export interface Way {
	readonly target: Target;
	readonly become: Become | undefined;
	/** Tells ways to hosts apart. */
	readonly key: string;
	/** Tells the ways to look at a host apart: the connection and the user. */
	readonly viewpoint: string;
}

/** A way, and what it was made of. */
interface KnownWay {
	readonly way: Way;
	/** What the keywords of the task said. */
	readonly keywords: string;
	/** The layers that may give a variable of connections. */
	readonly layers: readonly Layer[];
	/** When it last was so, by `Variables.moment`. */
	at: number;
	readonly names: ReadonlySet<string>;
}

/** The ways to hosts, each made once as long as nothing changes that it is made of: most tasks of a play go the same way. */
export class Ways {
	readonly #variables: Variables;
	readonly #defaults: ConnectionDefaults;
	readonly #known = new Map<string, KnownWay>();
	readonly #silent = new WeakMap<Layer, boolean>();

	constructor(variables: Variables, defaults: ConnectionDefaults) {
		this.#variables = variables;
		this.#defaults = defaults;
	}

	/** The way to a host for a task of its own. Throws `FieldError`. */
	toOwn(host: string, scope: TaskScope, fields: Fields): Way {
		const keywords = connectionKeywords.map((keyword) => fields.text(keyword) ?? '\0').join('\u0001');
		const layers = scope.layers.filter((layer) => !this.#isSilent(layer));
		const known = this.#known.get(host);
		if (known?.keywords === keywords && this.#holds(known, host, layers)) {
			known.at = this.#variables.moment;
			for (const name of known.names) scope.watch?.name(name);
			return known.way;
		}
		const names = new Set<string>();
		const at = this.#variables.moment;
		const way = this.to(host, scope, fields, names);
		const restsOnNothingElse = [...names].every((name) => !(scope.given(name) instanceof Template));
		if (restsOnNothingElse) this.#known.set(host, {way, keywords, layers, at, names});
		else this.#known.delete(host);
		return way;
	}

	/** The way to a host; `scope` is that host's, `asked` gets the names that were asked for. Throws `FieldError`. */
	to(host: string, scope: TaskScope, fields: Fields, asked?: Set<string>): Way {
		const ask = (name: string) => {
			asked?.add(name);
			const given = scope.given(name);
			return given === undefined ? undefined : finalize(given, scope);
		};
		const target = targetOf(host, ask, fields, this.#defaults);
		const become = becomeOf(ask, fields, this.#defaults, target);
		const key = connectionKey(target);
		const viewpoint = become ? `${key} ${become.method} ${become.user} ${become.flags ?? ''}` : key;
		return {target, become, key, viewpoint};
	}

	#holds({layers, at, names}: KnownWay, host: string, now: readonly Layer[]): boolean {
		if (layers.length !== now.length || layers.some((layer, index) => layer !== now[index])) return false;
		return this.#variables.hold(host, names, false, at);
	}

	#isSilent(layer: Layer): boolean {
		const known = this.#silent.get(layer);
		if (known !== undefined) return known;
		const silent = ![...layer.names()].some((name) => connectionVariables.test(name));
		this.#silent.set(layer, silent);
		return silent;
	}
}
