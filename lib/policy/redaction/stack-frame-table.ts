import type { FrameShape } from './frame-shape.ts';

const source =
  '(?:[cm]?[jt]sx?|vue|svelte|java|kts?|scala|clj|groovy|pyx?|rb|erb|go|rs|php|cs|vb|fs|dart|cc?|cpp|cxx|hh?|hpp|mm?|swift|exs?|erl|lua|p[lm]|s|wasm|html?|(?:js)?bundle|aspx|coffee|mjs)';
const place = '(?::(?:\\d+|\\*)){1,2}';

/** Shapes that are a frame wherever they stand. */
export const frameShapes: readonly FrameShape[] = [
  {
    runtime: 'at … (place:line:column)',
    pattern:
      /^(?:\\t)?at [^(]*\((?!\d{1,2}:\d\d)\S.*(?<![\s(]\d{1,2}):(?:\d+|\*|0x[0-9a-f]+|(?<=::))\)+(?:,? <anonymous>(?::\d+){0,2}\)+)?(?: [~{[].*)?$/,
    frames: [
      'at new Till (/srv/till/index.js:41:27)',
      'at com.example.Till.open(Till.java:38)',
      'at main (wasm://wasm/1f:wasm-function[8]:0x23c)',
    ],
    prose: [
      'at checkout (10:30 UTC)',
      'at checkout (since 10:30)',
      'at 18:00 (UTC)',
      'at least three regions (see below)',
    ],
  },
  {
    runtime: 'at … (native and the like)',
    pattern:
      /^(?:\\t)?at [^(]*(?:\([^()]*\)[^(]*){0,3}\((?:native(?: code)?|Native Method|Unknown Source|<anonymous>|index \d+|(?:\[.*\]|eval) .*|\S+\.(?:java|kt|scala|groovy|dart|jsx?|tsx?)|error: .*)\)+(?: [~[{].*)?$/,
    frames: [
      'at Array.map (native)',
      'at sun.reflect.Invoker.invoke(Native Method)',
      'at Array.forEach(<anonymous>)',
      'at eval (eval at run (a))',
    ],
    prose: ['at all sites (native and web)', 'at noon (evaluation)'],
  },
  {
    runtime: 'at file:line',
    pattern: new RegExp(
      `^(?:\\\\t)?at (?:async )?(?:[A-Za-z][\\w.+-]*:\\/\\/\\S+(?::\\d+:\\d+|:\\d+:0x[0-9a-f]+|\\.${source}:\\d+|:0x[0-9a-f]+)|(?:file:)?(?:[A-Za-z]:\\\\|\\.{0,2}\\/|<).*:(?:\\d+|\\*|0x[0-9a-f]+)(?::(?:\\d+|\\*))?|\\S+\\.${source}${place}|\\S+\\/\\S+:\\d+:\\d+|\\S+ line \\d+\\.?)\\)?$`,
    ),
    frames: [
      'at https://shop.example/app.js:24:4',
      'at /srv/my till/index.js:2:9',
      'at internal/main/run.js:17:11',
      'at <anonymous>:6:4',
    ],
    prose: ['at https://status.example.com:8443', 'at 10:30:15', 'at the latest by 10:30'],
  },
  {
    runtime: '.NET',
    pattern:
      /^at (?:[\w$.<>`+[\],&*|]*[.:])?[\w$<>`|]+(?:\[[\w.,` &*]*\]|<[\w.,` ]*>)? ?\((?:[^()]|\([^()]*\))*\)(?: \[0x[0-9a-fA-F]+\])? in .+(?::line \d+|:\d+)$|^at (?:async )?[A-Za-z_<][\w$<>`+|]*(?:\.[\w$<>`+|[\],*&]*)+\([^()]*\)$/,
    frames: [
      'at Shop.Till.Open(String name) in C:\\till\\Till.cs:line 126',
      'at Shop.Till.Open(String name, Int32 id)',
      'at Shop.Till..ctor()',
    ],
    prose: ['at example.com (our provider)', 'at three sites (in Europe): line two'],
  },
  {
    runtime: '.NET on Mono',
    pattern: /^at \S+ \(.*\) ?(?:\[0x[0-9a-fA-F]+\]|<0x[0-9a-fA-F +]+>).*$/,
    frames: ['at Shop.Till.Open (System.String name) [0x00000] in <filename unknown>:0'],
    prose: ['at checkout (code 0x00) [we are looking]'],
  },
  {
    runtime: 'at <name>',
    pattern:
      /^at (?:async )?(?:<anonymous>|<unknown>|[\w$]*[_$#][\w$#]*|(?:new )?[\w$]+(?:\.[\w$<>]+){2,}|\w*Error: .*)$/,
    frames: ['at <anonymous>', 'at open_till', 'at Module.prototype.load'],
    prose: ['at scale', 'at GitHub', 'at example.com'],
  },
  {
    runtime: 'at … @ place',
    pattern: /^at [^@]{0,300}@ *[a-z][\w.+-]*:.*:\d+\)?$/,
    frames: ['at HTMLButtonElement.<anonymous> @ https://shop.example/a.js:1:4287'],
    prose: ['at support@example.com until 10:30'],
  },
  {
    runtime: 'Firefox, Safari',
    pattern: new RegExp(
      `^(?:[^\\s@]{0,300}(?: [\\w-]{1,30}){0,3}|[^@]{0,200}\\)?[^\\s@]{0,100}|.{0,200}\\)[^\\s]{0,100})@(?:\\[(?:native|wasm) code\\]|(?:[a-z][\\w.+-]*:|[A-Za-z]:\\\\|\\.{0,2}\\/|[\\w$.-]+[\\/\\\\]|[\\w$.-]+\\.${source}(?=:)).*:{1,2}(?:\\d+|0x[0-9a-f]+))$`,
    ),
    frames: [
      'open@https://shop.example/till.js:26:17',
      '@file:///till.js:44',
      'map@[native code]',
      'value@index.android.bundle:12:1917',
    ],
    prose: ['mail jane@shop.example at 10:30', 'contact us @ 10:30'],
  },
  {
    runtime: 'bare place',
    pattern: new RegExp(
      `^(?:Location: )?(?:[A-Za-z][\\w.+-]*:\\/\\/\\S+:\\d+:\\d+|\\S+\\.${source}${place}|\\[native code\\])(?::? \\w*(?:Error|Exception))?$`,
    ),
    frames: ['https://shop.example/till.js:47:22', 'src/till/open.rs:17:9', '[native code]'],
    prose: ['https://shop.example:8443/', 'v1.2.3:4', 'main.example:8080'],
  },
  {
    runtime: 'Dart',
    pattern:
      /^(?:(?:(?:https?|file):\S*\.dart|(?:package|dart|data):\S+)(?: +\d+(?::\d+)?)? {2,}\S.*|(?:\S*[/.$]\S*) \d+:\d+ {2,}\S.*|#\d+ +\S.* \((?:(?:file|package|dart|https?|data):.*|[^()]*:\d+:\d+)\)|<asynchronous suspension>|={3,} asynchronous gap =*)$/,
    frames: [
      '#0      main (file:///till.dart:23:20)',
      'package:till/till.dart 10:11  Till.open',
      '<asynchronous suspension>',
    ],
    prose: ['#42 fixed (see the notes)', 'Update 10:30  all is well', 'https://status.example.com  is down'],
  },
  {
    runtime: 'Opera',
    pattern:
      /^(?:\.\.\. +)?(?:Line \d+ of (?:linked|inline)|called from line \d+|(?:Error )?(?:thrown|initially occurred) at line \d+|Statement on line \d+)/,
    frames: [
      'Line 44 of linked script https://shop.example/till.js',
      'called from line 27, column 8 in run(ex) in https://shop.example/a.js:',
    ],
    prose: ['Line 4 of the metro is closed', 'called from line to line'],
  },
  {
    runtime: 'Python',
    pattern:
      /^[|+ ]{0,40}(?:File "[^"]*", line \d+|File <[^>]*>:\d+|(?:Exception Group )?Traceback \(most recent call last\)|\S+\.py:\d+: |\[Previous line repeated \d+ more times?\]|(?:During handling of the above exception|The above exception was the direct cause)|(?:Cell )?I[Nn](?:put In ?)? ?\[\d+\](?:, in |, line \d)|-{2,}> \d+ \S|<ipython-input-)/,
    frames: [
      'File "/srv/till.py", line 12, in open',
      'Traceback (most recent call last):',
      '+ Exception Group Traceback (most recent call last):',
      '|   File "/srv/till.py", line 12, in open',
      '[Previous line repeated 993 more times]',
      'Cell In[1], line 2',
      '----> 1 till.open()',
    ],
    prose: ['File "orders" was late, line by line', '--> see below', 'In [Europe], all is well'],
  },
  {
    runtime: 'Ruby',
    pattern: new RegExp(
      `^(?:from )?(?:\\S.*:\\d+:in [\`'‘"]?\\S|\\S+\\.(?:rb|erb|rake|ru):\\d+|\\S*[/.]\\S*:\\d+:in \\S)|^from \\S+\\.${source}:\\d+|^\\S[^()]*\\([^()\\s]*\\.rb:\\d+\\)$|^ORA-\\d{5}: `,
    ),
    frames: [
      "app/till.rb:69:in `open'",
      'from till.c:243:in library.bundle',
      'lib.till.block in open(lib/till.rb:21)',
      'ORA-06512: at line 2',
    ],
    prose: ['from 10:30: in Europe alone', 'from Monday: in all regions'],
  },
  {
    runtime: 'Go',
    pattern:
      /^(?:goroutine \d+ \[.*\]:?|goroutine running on other thread.*|created by \S+\.\S+(?: in goroutine \d+)?|(?:\S+\.(?:go|s|c|h)|\?\?):\d+(?: .*)?|.*[ \t]\+0x[0-9a-f]+.*|(?=[^\s(]*[./(]|panic)[^\s()]+(?:\(\*?\w+\)[^\s()]*)*\((?=[^)])(?:0x[0-9a-f]+\??|\d{10,}|\.\.\.|[\s,{}?_])*\))$/,
    frames: [
      'goroutine 12 [running]:',
      '/srv/till.go:36 +0x7ec',
      'main.handler(0x2afb7042, 0xc01)',
      'created by example.com/till.New',
    ],
    prose: ['created by an operator', 'call open(now)'],
  },
  {
    runtime: 'Go without arguments',
    pattern:
      /^(?:(?:main|runtime|testing|reflect|syscall)\.[\w·.*()[\]]{1,200}|[\w.%~-]{1,100}(?:\/[\w.%~-]{1,100}){1,20}\.[\w·.*()[\]]{1,200}|[\w.%~-]{1,200}\.(?:\(\*\w[\w.[\]]{0,100}\)[\w·.[\]]{1,100}|[\w.]{0,100}func[·\d][\d.]{0,20}))\((?:\.\.\.)?\)$|^[\w.%~-]{1,100}\.\w{1,100}(?:\[\.\.\.\])?\(\.\.\.\)$/,
    frames: [
      'main.main()',
      'main.open(...)',
      'example.com/till/stack.func·002()',
      'example.com/acme/till/x.(*Y[...]).Z(...)',
      'till.(*Drawer).Open()',
      'till.Open.func1()',
      'till.Map[...](...)',
    ],
    prose: ['and/or.', 'We opened till.open() again.', 'till.open()'],
  },
  {
    runtime: 'PHP',
    pattern:
      /^(?:#\d+ (?:\{main\}|\[internal function\].*|\S.*\.\w{2,5}\(\d+\): .*)|thrown in .+ on line \d+|PHP (?:Fatal|Parse|Recoverable|Warning|Notice|Stack trace:| {0,4}\d+\. \S).*|.*[/\\]\S+\.php(?: on line |:)\d+)$/,
    frames: [
      '#0 /srv/till.php(20): open(Object(Closure))',
      '#1 {main}',
      '#2 [internal function]: Till->open()',
      'thrown in /srv/till.php on line 60',
      'PHP   1. {main}() /srv/till.php:0',
    ],
    prose: ['#1 priority (2): payments', 'PHP clients see errors'],
  },
  {
    runtime: 'Rust',
    pattern:
      /^(?:\d+:\s+(?:0x[0-9a-f]+ - \S.*|[\w<>&$' ,{}#]*::\S.*|_*(?:rust|libc|pthread|rg)_\w+|_*(?:start|main|clone3?|start_thread|libc_start\w*)|<unknown>)|thread '[^']*' (?:\(\d+\) )?panicked at .*|stack backtrace:|⋮ \d+ frames? hidden ⋮|━{3,} [A-Z]{4,20} ━{3,})$/,
    frames: [
      '8: std::panic::panic_any::he59a839a6a44e696',
      '1:  0x55d0 - till::open',
      '2: 0x55d0 - <unknown>',
      '0: rust_begin_unwind',
      '14: __libc_start_main',
      '15: _start',
      "thread 'main' panicked at src/till.rs:3:5:",
      '⋮ 5 frames hidden ⋮',
    ],
    prose: ['8: Payments', '10: all regions', '3: order_items', '1: started'],
  },
  {
    runtime: 'Java headings',
    pattern:
      /^(?:(?:Caused by|Suppressed|Wrapped by): [\w$]+(?:\.[\w$]+)+(?::.*)?|\.\.\. \d+ (?:more|common frames omitted)|Exception in thread ".*|---? End of (?:inner exception )?stack trace.*)$/,
    frames: [
      'Caused by: com.example.TillClosedException: no',
      '... 12 more',
      'Exception in thread "main" com.example.Closed',
      '--- End of inner exception stack trace ---',
    ],
    prose: ['Caused by: a faulty switch', '... 12 more minutes'],
  },
  {
    runtime: 'Java threads',
    pattern:
      /^(?:(?:- )?(?:locked|waiting on|waiting to lock|waiting to re-lock in wait\(\)|parking to wait for|eliminated) +<0x[0-9a-f]+>.*|"[^"]*" (?:#\d+ .*)?.*\b[tn]id=0x[0-9a-f]+.*|java\.lang\.Thread\.State: .*)$/,
    frames: [
      '- locked <0x00000000e0a1> (a com.example.Till)',
      '"main" #1 prio=5 tid=0x00007f nid=0x1703 runnable',
      'java.lang.Thread.State: RUNNABLE',
    ],
    prose: ['- locked accounts are open again', '"main" #1 is back'],
  },
  {
    runtime: 'C, C++, Swift',
    pattern:
      /^(?:#\d+ +(?:0x[0-9a-f]+ in .*|\S.*\) (?:at \S+:\d+|from \/\S+))|\S+\(.*\+0x[0-9a-f]+\) ?\[0x[0-9a-f]+\]|\d+ +\S+ +0x[0-9a-f]{6,} .*|frame #\d+: .*|#\d+ +(?:abs|pc) [0-9a-f]{6,}.*)$/i,
    frames: [
      '#0  0x00007f3a in raise () from /lib/libc.so',
      '#1  main () at till.c:5',
      './till(open+0x1c) [0x400c1c]',
      '3   Till   0x000000010a2b till_open + 12',
      '#00 pc 000000000006c9a4  /system/lib64/libc.so (abort+164)',
    ],
    prose: ['#1 payments (from noon) at risk', '3 sites 0x'],
  },
  {
    runtime: 'Elixir, Erlang, Lua, Perl',
    pattern:
      /^(?:\([\w ]{1,40} v?\d[\w.-]*\) )?\S+\.(?:exs?|erl|lua):\d+: .*$|^\S.*\bat \S+\.(?:p[lm]|cgi|t) line \d+\.?$/,
    frames: [
      '(till 1.5.0) lib/till.ex:12: Till.open/2',
      "till.lua:12: in function 'open'",
      'Closed at till.pl line 10.',
    ],
    prose: ['(payments 1) all is well', 'Closed at the front line 10.'],
  },
];
