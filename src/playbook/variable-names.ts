import {isVariableName} from '../jinja/jinja.js';
import type {Node} from '../source/source.js';
import {complain, describeNode, type Reading} from './reading.js';

/** Checks that a node names a variable; `head` is what Ansible says before. */
export function checkVariableName(reading: Reading, node: Node, head = ''): void {
	if (node.kind === 'scalar' && typeof node.value === 'string' && isVariableName(node.text)) return;
	const shown = node.kind === 'scalar' ? `\`${node.text}\`` : describeNode(node);
	complain(reading, 'playbook/keyword-value', node.span, `${shown} is no name for a variable`, {
		help: 'a name has letters, digits and underscores, and begins with no digit',
		ansible: `${head}Invalid variable name '${node.kind === 'scalar' ? node.text : ''}'.`,
	});
}

/** Checks `vars:` of a play, role, block or task: a mapping whose keys are names. */
export function checkVars(reading: Reading, node: Node, place: string): void {
	if (node.kind === 'scalar' && node.value === null) return;
	if (node.kind === 'map') for (const {key} of node.entries) checkVariableName(reading, key);
	else
		complain(reading, 'playbook/keyword-value', node.span, `\`vars\` must be a mapping, not ${describeNode(node)}`, {
			ansible: `Vars in a ${place} must be specified as a dictionary.`,
		});
}
