import {Dict, evaluateTemplate, pythonStr, Template, TemplateError, type Value} from '../jinja/jinja.js';
import {type Level, lineage} from '../playbook/playbook.js';
import type {Diagnostic, Node} from '../source/source.js';
import {dictLayer, type Layer, varsLayers} from '../vars/vars.js';

/**
 * Evaluates the names that static imports need before any host is known: by extra vars, and by the `vars` of the levels around.
 */
export function evaluateNameWith(
	extra: Dict,
	read: (node: Node) => Value,
	report: (diagnostic: Diagnostic) => void,
): (node: Node, level: Level) => string | undefined {
	return (node, level) => {
		const value = read(node);
		if (!(value instanceof Template)) return typeof value === 'object' && value !== null ? undefined : pythonStr(value);
		const around = lineage(level)
			.reverse()
			.flatMap((one) => [
				...varsLayers('vars', one.keywords.get('vars'), read),
				...(one.params ?? []).flatMap(({values}) =>
					values instanceof Dict ? [dictLayer('parameters', values)] : varsLayers('parameters', values, read),
				),
			]);
		const layers: Layer[] = [dictLayer('extra vars', extra), ...around];
		const resolve = (name: string) => {
			for (const layer of layers) {
				const found = layer.get(name);
				if (found !== undefined) return found;
			}
			return undefined;
		};
		try {
			return pythonStr(evaluateTemplate(value, {resolve}));
		} catch (error) {
			if (!(error instanceof TemplateError)) throw error;
			report({
				severity: 'error',
				code: error.category === 'undefined' ? 'template/undefined' : 'template/failed',
				message: error.message,
				labels: [{span: error.span ?? node.span}],
				help: 'this name is needed before hosts are known: it can use extra vars and the `vars` of plays and blocks around it, but no inventory and no facts',
			});
			return undefined;
		}
	};
}
