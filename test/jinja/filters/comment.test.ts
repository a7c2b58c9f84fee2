import {testRows} from '../filter-rows.js';

testRows([
	['"a\\n\\nb" | comment', "'#\\n# a\\n#\\n# b\\n#'"],
	['"a\\nb" | comment(\'cblock\')', "'/*\\n *\\n * a\\n * b\\n *\\n */'"],
	['"a\\nb" | comment(\'xml\')', "'<!--\\n -\\n - a\\n - b\\n -\\n-->'"],
	["'a' | comment('plain', prefix='###', postfix='###', prefix_count=2)", "'###\\n###\\n# a\\n###'"],
	["'a' | comment(decoration='! ', postfix_count=0)", "'!\\n! a'"],
	["'a|b' | comment(newline='|')", "'#|# a|# b|#'"],
	["'a' | comment(prefix=\"\\n\", postfix='')", "'\\n# a\\n'"],
	["'a' | comment('erlang', beginning='<', end='>')", "'<\\n%\\n% a\\n%\\n>'"],
	["'' | comment", "'#\\n# \\n#'"],
	["'a' | comment('nope')"],
	['5 | comment'],
]);
