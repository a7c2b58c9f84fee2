/* Makes random templates of statements: loops, macros, blocks, scopes, white space. */
import type {Chance} from './chance.js';

const data = [
	'a',
	' b ',
	'\n',
	'\n\n',
	'  ',
	'\t',
	'x\n',
	'\n  y',
	'é',
	'{',
	'}',
	'%',
	'#',
	'{ {',
	'"',
	"'",
	'\\n',
	'$x',
	' \n ',
	'\r\n',
	'-',
	'{{ "{{" }}',
	'\u00a0',
];
const scalars = [
	'one',
	'word',
	't',
	'n',
	'empty',
	'f',
	"'q'",
	'3',
	'x',
	'item',
	'i',
	'ns.v',
	'nowhere',
	'users[0].name',
	'ports[1]',
	"'a' ~ one",
	'tpl',
	'tpl_int',
	'zero',
	'loop.index',
	'[1, 2]',
	"{'a': 1}",
	'omit',
	'looks',
	"'<b>' | e",
];
const conditions = [
	't',
	'fa',
	'one',
	'zero',
	'x is defined',
	'nowhere is defined',
	'loop.first',
	'loop.last',
	'i',
	'word == "kafka"',
	'not t',
	'one > 0 and t',
	'nowhere',
	'item',
	'n is none',
	'loop.index is odd',
	'users',
	'x == 1',
];
const lists = [
	'ports',
	'words',
	'[]',
	'[1, 2, 3]',
	"'ab'",
	'range(3)',
	'users',
	'conf',
	'nowhere',
	'empty_list',
	'(1, 2)',
	'one',
	'pairs',
	'[[1, [2]], [3, []]]',
	'conf.items()',
	'n',
	'numbers | sort',
	'[x, i]',
	'tpl_list',
	'dicts',
];

export class TemplateMaker {
	readonly #chance: Chance;
	#macros = 0;

	constructor(chance: Chance) {
		this.#chance = chance;
	}

	make(depth: number): string {
		this.#macros = 0;
		const header = this.#chance.percent(6) ? this.#header() : '';
		return header + this.#body(depth, 1, 5);
	}

	#header(): string {
		const chance = this.#chance;
		const pairs = chance.some(1, 2, () =>
			chance.pick([
				'trim_blocks: False',
				'lstrip_blocks: True',
				'trim_blocks:True',
				"newline_sequence: '\\r\\n'",
				'keep_trailing_newline: False',
				"variable_start_string: '[%', variable_end_string: '%]'",
				'nope: 1',
				'trim_blocks: yes',
				"line_statement_prefix: '##'",
				'trim_blocks',
				"block_start_string: '<%', block_end_string: '%>'",
				"line_comment_prefix: '//'",
				"comment_start_string:'{*',comment_end_string:'*}'",
			]),
		);
		return `#jinja2: ${pairs.join(', ')}${chance.percent(95) ? '\n' : ''}`;
	}

	#body(depth: number, least = 0, most = 3): string {
		return this.#chance.some(least, most, () => this.#part(depth)).join('');
	}

	#part(depth: number): string {
		const chance = this.#chance;
		const share = chance.below(100);
		if (share < 32) return chance.pick(data);
		if (share < 58 || depth <= 0) return this.#output();
		return this.#statement(depth - 1);
	}

	#output(): string {
		const chance = this.#chance;
		const expression =
			chance.pick(scalars) +
			(chance.percent(25)
				? ` | ${chance.pick(['upper', "default('d')", 'length', 'string', "join(',')", 'list', 'nope', 'int', 'trim', 'first', 'e', "default('z', true)", 'title'])}`
				: '');
		return `{{${this.#sign()} ${expression} ${this.#sign()}}}`;
	}

	#sign(): string {
		return this.#chance.percent(12) ? this.#chance.pick(['-', '-', '+']) : '';
	}

	#tag(text: string): string {
		return `{%${this.#sign()} ${text} ${this.#sign()}%}`;
	}

	#statement(depth: number): string {
		const chance = this.#chance;
		const body = (least = 0) => this.#body(depth, least);
		switch (chance.below(17)) {
			case 0:
			case 1:
			case 2:
				return this.#loop(depth);
			case 3:
			case 4: {
				const others = chance.some(0, 1, () => this.#tag(`elif ${chance.pick(conditions)}`) + body()).join('');
				return (
					this.#tag(`if ${chance.pick(conditions)}`) +
					body(1) +
					others +
					(chance.percent(40) ? this.#tag('else') + body() : '') +
					this.#tag('endif')
				);
			}
			case 5:
			case 6:
				return this.#tag(
					`set ${chance.pick(['x', 'i', 'x, y', 'ns.v', 'one', 'word'])} = ${chance.pick([...scalars, 'namespace(v=1)', '(1, 2)', 'x + 1', '[x, 1]', 'ports[:2]'])}`,
				);
			case 7:
				return (
					this.#tag(
						`set ${chance.pick(['x', 'y', 'ns.v'])}${chance.percent(40) ? ` | ${chance.pick(['upper', 'trim', "default('d')", 'length', "replace('a', 'b')"])}` : ''}`,
					) +
					body(1) +
					this.#tag('endset')
				);
			case 8:
			case 9:
				return this.#macro(depth);
			case 10:
				return (
					this.#tag(
						`filter ${chance.pick(['upper', 'trim', "replace('a', 'b')", 'upper | trim', 'length', 'nope', 'e', 'indent'])}`,
					) +
					body(1) +
					this.#tag('endfilter')
				);
			case 11:
				return this.#tag('raw') + chance.pick(['{{ x }}', '{% if %}', 'a\n', '  ', '{# c #}', '']) + this.#tag('endraw');
			case 12:
				return `{#${this.#sign()} ${chance.pick(['c', '{{ x }}', '\n', '{% if %}', ''])} ${this.#sign()}#}`;
			case 13:
				return (
					this.#tag(`with ${chance.pick(['x = 1', 'x = 1, y = x', '', 'i = word', 'ns = namespace(v=2)', 'x = nowhere'])}`) +
					body(1) +
					this.#tag('endwith')
				);
			case 14: {
				const name = chance.pick(['b1', 'b2', 'b3']);
				return (
					this.#tag(`block ${name}${chance.percent(15) ? ' scoped' : ''}`) +
					body() +
					this.#tag(`endblock${chance.percent(30) ? ` ${name}` : ''}`) +
					(chance.percent(20) ? `{{ self.${name}() }}` : '')
				);
			}
			case 15:
				return chance.pick([
					this.#tag("include 'nope.j2' ignore missing"),
					this.#tag('do ports.append(1)'),
					this.#tag('break'),
					this.#tag('nope'),
					this.#tag('endif'),
					'{% set ns = namespace(v=1) %}',
					'{% set _ = [1].append(2) %}',
					'{{ [x, i] }}',
					'{% set ns = namespace(v=1, w=[]) %}{{ ns.w.append(3) }}',
					'{{ caller() }}',
					'{{ loop }}',
					'{{ varargs }}',
					'{{',
					'{%',
					'{% for %}',
					"{% import 'x' as y %}",
					'{{ super() }}',
					'{{ self }}',
					'{% set x %}{% endset %}',
					'{% call nope() %}{% endcall %}',
					'{{ x.y.z }}',
					'{{ 1 / 0 }}',
				]);
			default:
				return `{{ ${chance.pick(['dict(a=1)', 'range(3) | list', 'cycler(1, 2).next()', "joiner('|')()", 'lookup("vars", "word")', 'namespace(a=1).a', "undef('u')", 'ns', 'x', 'y'])} }}`;
		}
	}

	#loop(depth: number): string {
		const chance = this.#chance;
		const target = chance.pick(['i', 'i', 'item', 'x, y', 'k, v', 'i', '(a, b)']);
		const condition = chance.percent(20)
			? ` if ${chance.pick(['i', 'i is odd', 'item is defined', 'x', 'loop.index > 1', 't'])}`
			: '';
		const recursive = chance.percent(10);
		const inner = chance.pick([
			'{{ i }}',
			'{{ item }}',
			'{{ x }}',
			'{{ loop.index }}',
			'{{ loop.revindex0 }}',
			'{{ loop.last }}',
			"{{ loop.cycle('a', 'b') }}",
			'{{ loop.previtem }}',
			'{{ loop.nextitem | default("none") }}',
			'{{ loop.changed(i) }}',
			'{{ loop.length }}',
			'{{ loop.depth }}',
			'{{ k }}={{ v }}',
			'{{ loop.previtem is defined }}',
			'{{ i.name }}',
			'',
			recursive ? '{{ loop(i) if i is iterable and i is not string }}' : '{{ loop(i) }}',
			'{% set x = i %}',
			'{% set ns.v = i %}',
			'{{ "," if not loop.last }}',
			'{{ x }},',
		]);
		const otherwise = chance.percent(20) ? this.#tag('else') + this.#body(depth) : '';
		return (
			this.#tag(`for ${target} in ${chance.pick(lists)}${condition}${recursive ? ' recursive' : ''}`) +
			this.#body(depth) +
			inner +
			this.#body(depth) +
			otherwise +
			this.#tag('endfor')
		);
	}

	#macro(depth: number): string {
		const chance = this.#chance;
		const name = `m${++this.#macros}`;
		const parameters = chance.pick(['', 'x', 'x, y=2', 'x=one', 'i, x=i', 'a, b', 'x=nowhere']);
		const inner = chance.pick([
			'{{ x }}',
			'{{ y }}',
			'{{ varargs }}',
			'{{ kwargs }}',
			'{{ caller() }}',
			'{{ caller(1) }}',
			'{{ i }}',
			"{{ caller() if caller else 'no' }}",
			'',
			'{{ x is defined }}',
			'{{ [x, y] }}',
		]);
		const args = () =>
			chance.pick(['', '1', "'p'", '1, 2', '1, 2, 3', 'x=5', '1, z=2', 'y=1', '*ports', '**conf', 'nowhere', 'none', '[1]']);
		const definition = this.#tag(`macro ${name}(${parameters})`) + this.#body(depth) + inner + this.#tag('endmacro');
		const use = chance.percent(30)
			? this.#tag(`call${chance.pick(['', '(v)', '(v, w=1)'])} ${name}(${args()})`) +
				this.#body(depth) +
				chance.pick(['', '{{ v }}', '{{ x }}']) +
				this.#tag('endcall')
			: `{{ ${name}(${args()})${chance.pick(['', '', ' | upper', ' ~ 1', ' | type_debug', '.name'])} }}${chance.percent(10) ? `{{ ${name}.name }}{{ ${name}.arguments }}` : ''}`;
		return definition + use;
	}
}

/** Options of the template module, now and then. */
export function optionsOf(chance: Chance): Record<string, unknown> | undefined {
	if (!chance.percent(25)) return undefined;
	const options: Record<string, unknown> = {};
	if (chance.percent(60)) options['trim_blocks'] = chance.percent(40);
	if (chance.percent(60)) options['lstrip_blocks'] = chance.percent(70);
	if (chance.percent(15)) options['newline_sequence'] = chance.pick(['\n', '\r\n', '\r']);
	return options;
}
