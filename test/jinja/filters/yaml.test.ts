import {testRows} from '../filter-rows.js';

testRows([
	[
		"{'a': 'yes', 'b': 'no', 'c': '1', 'd': 'null', 'e': '', 'f': 'y', 'g': '=', 'h': '1:30', 'i': '1_000'} | to_nice_yaml",
		"\"a: 'yes'\\nb: 'no'\\nc: '1'\\nd: 'null'\\ne: ''\\nf: y\\ng: '='\\nh: '1:30'\\ni: '1_000'\\n\"",
	],
	[
		"{'long': 'word ' * 20} | to_nice_yaml(width=40)",
		'"long: \'word word word word word word word\\n    word word word word word word word word\\n    word word word word word \'\\n"',
	],
	[
		'["a\\nb", "a\\n", " a\\n b", "tab\\t", "it\'s", "\\u2028", "\\U0001F600", "\\ufeff"] | to_yaml',
		"'[\\'a\\n\\n    b\\', \\'a\\n\\n    \\', \" a\\\\n b\", \"tab\\\\t\", it\\'s, \\'\\u2028    \\', \"\\\\U0001F600\", \"\\\\uFEFF\"]\\n'",
	],
	['[1.0, 1e22, 1e-7, -0.5, 12345678901234567890] | to_yaml', "'[1.0, 1.0e+22, 1.0e-07, -0.5, 12345678901234567890]\\n'"],
	["{'a': [[1, 2], [{'b': []}]], 'c': {}} | to_nice_yaml(indent=2)", "'a:\\n- - 1\\n  - 2\\n- - b: []\\nc: {}\\n'"],
	["{'a': [[1, 2], [{'b': []}]], 'c': {}} | to_nice_yaml", "'a:\\n-   - 1\\n    - 2\\n-   -   b: []\\nc: {}\\n'"],
	["{'b': 1, 'a': 2} | to_nice_yaml(sort_keys=false)", "'b: 1\\na: 2\\n'"],
	[
		"{'x' * 129: 1, 'a\\nb': 2} | to_nice_yaml",
		'"? \'a\\n\\n    b\'\\n: 2\\n? xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\\n: 1\\n"',
	],
	["{'a': 'x', 'b': 1, 'c': none} | to_yaml(default_style=\"'\")", "\"'a': 'x'\\n'b': ! '1'\\n'c': ! 'null'\\n\""],
	[
		'["a\\nb\\n", "a\\n\\n", " x", ""] | to_nice_yaml(default_style=\'|\')',
		'\'- |\\n    a\\n    b\\n- |+\\n    a\\n\\n- |4-\\n     x\\n- ""\\n\'',
	],
	[
		'["a b\\nc", "a\\n\\n", " x", ""] | to_nice_yaml(default_style=\'>\', width=20)',
		'\'- >-\\n    a b\\n\\n    c\\n- >+\\n    a\\n\\n- >4-\\n     x\\n- ""\\n\'',
	],
	[
		"{'a': 1, 'b': [1, 'x']} | to_yaml(canonical=true)",
		'\'---\\n!!map {\\n  ? !!str "a"\\n  : !!int "1",\\n  ? !!str "b"\\n  : !!seq [\\n    !!int "1",\\n    !!str "x",\\n  ],\\n}\\n\'',
	],
	["{'a': 1} | to_yaml(explicit_start=true, explicit_end=true)", "'--- {a: 1}\\n...\\n'"],
	["'\u00e9' | to_yaml(allow_unicode=false)"],
	["'x' | to_yaml(nope=1)"],
	['[[], [], {}] | to_yaml', "'- []\\n- []\\n- {}\\n'"],
	['range(3) | to_yaml'],
	["(1, ('a',)) | to_yaml", "'- 1\\n- [a]\\n'"],
	["{1: 'a', 'b': 2} | to_yaml", "'{1: a, b: 2}\\n'"],
	[
		'"a: 010\\nb: 1_000\\nc: 1e3\\nd: 1.5e+3\\ne: off\\nf: y\\ng: 2024-01-01\\nh: 1:30" | from_yaml',
		"{'a': 8, 'b': 1000, 'c': '1e3', 'd': 1500.0, 'e': False, 'f': 'y', 'g': datetime.date(2024, 1, 1), 'h': 90}",
	],
	['"- &a [1]\\n- *a" | from_yaml | to_yaml', "'- [1]\\n- [1]\\n'"],
	['"a: !!binary aGk=" | from_yaml', "{'a': b'hi'}"],
	['"{\\"a\\": 1e3}" | from_yaml', "{'a': '1e3'}"],
	['"a: 1\\nb: [" | from_yaml'],
	['"1\\n---\\n2" | from_yaml'],
	['"a: !vault x" | from_yaml'],
	['"[1]: 2" | from_yaml'],
	['"? [1]\\n: 2" | from_yaml'],
	['"a: 2024-02-30" | from_yaml'],
	['"--- 1\\n--- 2" | from_yaml_all', '[1, 2]'],
]);
