import type {MapNode, Node, Report, ScalarNode, SourceFile, Span} from '../source/source.js';
import {expandHostPattern, RangeFault} from './address.js';
import type {Group} from './host.js';
import {GroupFault, type Inventory} from './hosts-and-groups.js';
import {SourceFault} from './source-fault.js';

const sections = ['vars', 'children', 'hosts'];

/**
 * Reads a YAML or JSON inventory (groups with `hosts`, `children`, `vars`) into `inventory` by the rules of Ansible's plugins/inventory/yaml.py.
 * What it skips goes to `report` as warnings. Throws `SourceFault`.
 */
export function readYamlInventory(
	file: SourceFile,
	root: Node | undefined,
	source: string,
	inventory: Inventory,
	report: Report,
): void {
	if (!root || (root.kind === 'scalar' && root.value === null)) throw new SourceFault('Parsed empty YAML file');
	if (root.kind !== 'map') {
		throw new SourceFault(
			`YAML inventory has invalid structure, it should be a dictionary, got: ${nameOfKind(root)}`,
			head(root.span),
		);
	}
	if (root.entries.some(({key}) => key.text === 'plugin')) {
		throw new SourceFault('Plugin configuration YAML file, not YAML inventory', head(root.span));
	}
	const reader = new Reader(file, source, inventory, report);
	for (const {key, value} of root.entries) reader.group(key, value);
}

class Reader {
	readonly #file: SourceFile;
	readonly #source: string;
	readonly #inventory: Inventory;
	readonly #report: Report;

	constructor(file: SourceFile, source: string, inventory: Inventory, report: Report) {
		this.#file = file;
		this.#source = source;
		this.#inventory = inventory;
		this.#report = report;
	}

	group(key: ScalarNode, content: Node): Group | undefined {
		if (content.kind !== 'map' && !isNull(content)) {
			this.#skip(
				key.span,
				`\`${key.text}\` is no group: a group is a mapping`,
				`Skipping '${key.text}' as this is not a valid group definition`,
			);
			return undefined;
		}
		if (typeof key.value !== 'string' || key.value === '')
			throw new SourceFault(`Invalid group name supplied, expected a string but got ${key.text}`, key.span);
		const group = this.#inventory.addGroup(key.text);
		if (content.kind !== 'map') return group;
		for (const {key: name, value} of content.entries) {
			const entries = this.#section(name, value, group);
			if (!entries) continue;
			if (name.text === 'vars') {
				for (const entry of entries.entries) group.setVariable({name: entry.key.text, node: entry.value, span: entry.value.span});
			} else if (name.text === 'children') {
				for (const entry of entries.entries) this.#child(group, entry.key, entry.value);
			} else for (const entry of entries.entries) this.#hosts(group, entry.key, entry.value);
		}
		return group;
	}

	/** The mapping of one of the three sections; a single name stands for a mapping of it alone. */
	#section(name: ScalarNode, value: Node, group: Group): MapNode | undefined {
		const known = sections.includes(name.text);
		if (known && value.kind === 'scalar' && typeof value.value === 'string') {
			const nothing: ScalarNode = {
				kind: 'scalar',
				span: {file: this.#file, start: value.span.end, end: value.span.end},
				value: null,
				text: '',
				style: 'plain',
			};
			return {kind: 'map', span: value.span, entries: [{key: value, value: nothing}], duplicates: []};
		}
		if (isNull(value)) return undefined;
		if (value.kind === 'map' && known) return value;
		if (known) {
			const found = nameOfKind(value);
			throw new SourceFault(
				`Invalid "${name.text}" entry for "${group.name}" group, requires a dictionary, found "${found}" instead.`,
				head(value.span),
			);
		}
		if (value.kind === 'map') {
			const ansible = `Skipping unexpected key (${name.text}) in group (${group.name}), only "vars", "children" and "hosts" are valid`;
			this.#skip(
				name.span,
				`the group \`${group.name}\` has the key \`${name.text}\`, but only vars, children and hosts have a meaning`,
				ansible,
			);
		} else {
			const ansible = `Skipping key (${name.text}) in group (${group.name}) as it is not a mapping, it is a ${nameOfKind(value)}`;
			this.#skip(name.span, `\`${name.text}\` in the group \`${group.name}\` is no mapping`, ansible);
		}
		return undefined;
	}

	#child(group: Group, key: ScalarNode, content: Node): void {
		const child = this.group(key, content);
		if (!child) return;
		try {
			this.#inventory.addChild(group, child);
		} catch (error) {
			if (error instanceof GroupFault) throw new SourceFault(error.message, key.span);
			throw error;
		}
	}

	#hosts(group: Group, key: ScalarNode, variables: Node): void {
		if (typeof key.value !== 'string')
			throw new SourceFault(`Host pattern ${key.text} must be a string. Enclose integers/floats in quotation marks.`, key.span);
		if (variables.kind !== 'map' && !isFalsy(variables))
			throw new SourceFault(
				`Invalid data from file, expected dictionary and got:\n\n${nameOfKind(variables)}`,
				head(variables.span),
			);
		let expanded: {hosts: string[]; port: number | undefined};
		try {
			expanded = expandHostPattern(key.text);
		} catch (error) {
			if (error instanceof RangeFault) throw new SourceFault(error.message, key.span);
			throw error;
		}
		for (const name of expanded.hosts) {
			const host = this.#inventory.addHost(name, {group, file: this.#source, port: expanded.port, span: key.span});
			if (variables.kind !== 'map') continue;
			for (const entry of variables.entries) host.setVariable({name: entry.key.text, node: entry.value, span: entry.value.span});
		}
	}

	#skip(span: Span, message: string, ansible: string): void {
		this.#report({severity: 'warning', code: 'inventory/syntax', message, labels: [{span, text: 'skipped'}], ansible});
	}
}

function isNull(node: Node): boolean {
	return node.kind === 'scalar' && node.value === null;
}

function isFalsy(node: Node): boolean {
	if (node.kind === 'seq') return node.items.length === 0;
	return node.kind === 'scalar' && (node.value === null || node.value === '' || node.value === false || node.value === 0);
}

function nameOfKind(node: Node): string {
	if (node.kind === 'seq') return "<class 'list'>";
	if (node.kind === 'map') return "<class 'dict'>";
	return typeof node.value === 'number' ? "<class 'int'>" : typeof node.value === 'boolean' ? "<class 'bool'>" : "<class 'str'>";
}

/** The first line of a span. */
function head(span: Span): Span {
	const end = span.file.text.indexOf('\n', span.start);
	return end < 0 || end > span.end ? span : {...span, end};
}
