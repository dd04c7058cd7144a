// What caniemail.com knows of mail programs, asked of mails: {name: html} on stdin; {name: {feature: [program]}} back, of
// what a program does not do. A program is left out as soon as the data does not cover what a mail uses.
import { text } from "node:stream/consumers";
import { caniemail, rawData } from "caniemail";

let programs = [
  ...new Set(
    rawData.data.flatMap(({ stats }) =>
      Object.entries(stats).flatMap(([family, platforms]) => Object.keys(platforms).map((one) => `${family}.${one}`)),
    ),
  ),
];

function missing(html) {
  for (;;) {
    try {
      return caniemail({ clients: programs, html }).issues.errors;
    } catch (error) {
      const [, uncovered] = /on "(.+)"/.exec(error.message) ?? [];
      if (!programs.includes(uncovered)) throw error;
      programs = programs.filter((one) => one !== uncovered);
    }
  }
}

const found = {};
for (const [name, html] of Object.entries(JSON.parse(await text(process.stdin)))) {
  found[name] = {};
  for (const [program, issues] of missing(html)) {
    for (const { title } of issues) (found[name][title] ??= []).push(program);
  }
}
process.stdout.write(JSON.stringify({ programs, found }));
