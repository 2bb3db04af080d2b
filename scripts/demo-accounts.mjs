// Prints who can sign in to the demo, from the provisioning file itself.
import { readFileSync } from "node:fs";

const { accounts, users } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const accountOf = new Map(accounts.map((account) => [account.id, account]));
const rows = [
  ["account", "type", "role", "e-mail", "password"],
  ...users.map((user) => {
    const account = accountOf.get(user.account);
    return [account.name, account.type, user.role, user.email, user.password];
  }),
];
const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
console.log("\nSample accounts. For trying out only: these passwords are public.\n");
for (const row of rows) console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd()}`);
console.log("");
