const dunder =
	"Python's own attributes (`__class__`, `_undefined_name`) cannot be reached from a template: the sandbox has no way to them";

/** Vectors that Playbill answers otherwise on purpose, by their source, with the reason. `docs/compatibility.md` names those that a playbook can meet. */
export const knownDifferences: ReadonlyMap<string, string> = new Map([
	[
		"{{ q('sequence', 'start=0x0f00 count=4 format=%04x') }}",
		"Ansible's own manual shows hexadecimal numbers in this lookup; that 2.21 refuses them is a slip of its option types",
	],
	[
		"{{ 'community.general.json_query' is filter }}",
		'Playbill has this filter built in; the reference ran without the collection',
	],
	[
		"{{ config_a.fromkeys(['a'], 1) }}",
		'`fromkeys` of a variable fails in the reference because its own dict class lacks an argument; that of a literal dict works',
	],
	['{{ foo.bar["baz"]._undefined_name }}', dunder],
	['{{ true.__class__|string }}', dunder],
	[
		"\n        {% autoescape val %}\n            {% macro foo(x) %}\n                [{{ x }}]\n            {% endmacro %}\n            {{ foo().__class__.__name__ }}\n        {% endautoescape %}\n        {{ '<testing>' }}\n        ",
		dunder,
	],
	['{{ data|pprint }}', "Ansible's lists and dicts print on one line, whatever their length; only texts are broken by `pprint`"],
]);
