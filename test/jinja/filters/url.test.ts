import {testRows} from '../filter-rows.js';

testRows([
	[
		"'https://u:p@H.example:8443/a/b;c?d=e&f#g' | urlsplit",
		"{'fragment': 'g', 'hostname': 'h.example', 'netloc': 'u:p@H.example:8443', 'password': 'p', 'path': '/a/b;c', 'port': 8443, 'query': 'd=e&f', 'scheme': 'https', 'username': 'u'}",
	],
	[
		"'mailto:a@b' | urlsplit",
		"{'fragment': '', 'hostname': None, 'netloc': '', 'password': None, 'path': 'a@b', 'port': None, 'query': '', 'scheme': 'mailto', 'username': None}",
	],
	["'//h/p' | urlsplit('hostname')", "'h'"],
	["'http://[::1%eth0]:80/' | urlsplit('hostname')", "'::1%eth0'"],
	["'http://[::1]:80/' | urlsplit('port')", '80'],
	["'http://h:/' | urlsplit('port')", 'None'],
	["'http://h:99999/' | urlsplit"],
	["'http://h:x/' | urlsplit"],
	["'http://[::1/' | urlsplit"],
	["'http://u@h' | urlsplit('username')", "'u'"],
	["'http://u@h' | urlsplit('password')", 'None'],
	["'a' | urlsplit('nope')"],
	["'a%20b+c%C3%A9%ff%zz' | urldecode", "'a b c\u00e9\ufffd%zz'"],
	["'a b&c/d?' | urlencode", "'a%20b%26c/d%3F'"],
	["{'a': 1, 'b': 'x y'} | urlencode", "'a=1&b=x+y'"],
]);
