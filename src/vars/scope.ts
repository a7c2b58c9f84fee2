import {finalize, type Scope, type Value} from '../jinja/jinja.js';
import type {Layer} from './layer.js';
import type {Watch} from './watch.js';

/** What a scope offers beside names: lookups and files, given by the room's front. */
export type ScopeServices = Omit<Scope, 'resolve'>;

/** The names that one task sees on one host. A scope is one operation: templates behind its names are evaluated once. */
export interface TaskScope extends Scope {
	/** The same names with further layers on top, the first of them the strongest. */
	over(...layers: Layer[]): TaskScope;
	/** The evaluated value of a name, undefined when it has none. Throws `TemplateError` when it cannot be evaluated. */
	value(name: string): Value | undefined;
	/** The value of a name that one of the layers of `over` gives. */
	local(name: string): Value | undefined;
	readonly layers: readonly Layer[];
	readonly host: string | undefined;
	/** Who looks on while it is used ahead of its time. */
	readonly watch: Watch | undefined;
}

/** Makes a scope of layers, strongest first. Magic variables cannot be overridden, so `over` puts its layers below them. */
export function makeScope(
	host: string | undefined,
	magic: readonly Layer[],
	top: readonly Layer[],
	below: readonly Layer[],
	services: ScopeServices,
	watch?: Watch,
): TaskScope {
	const layers = [...magic, ...top, ...below];
	const found = new Map<string, Value | undefined>();
	const resolve = (name: string): Value | undefined => {
		watch?.name(name);
		if (found.has(name)) return found.get(name);
		let value: Value | undefined;
		for (const layer of layers) {
			value = layer.get(name);
			if (value !== undefined) break;
		}
		found.set(name, value);
		return value;
	};
	const scope: TaskScope = {
		...services,
		host,
		watch,
		layers,
		resolve,
		over: (...more) => makeScope(host, magic, [...more, ...top], below, services, watch),
		isWritten: (name) => {
			const layer = layers.find((one) => one.get(name) !== undefined);
			return layer?.where?.(name) !== undefined;
		},
		value(name) {
			const value = resolve(name);
			return value === undefined ? undefined : finalize(value, scope);
		},
		local(name) {
			for (const layer of top) {
				const value = layer.get(name);
				if (value !== undefined) return value;
			}
			return undefined;
		},
	};
	return scope;
}
