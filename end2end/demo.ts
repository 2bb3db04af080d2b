// Who and what is in the demo installation, read from its provisioning file.
import { readFileSync } from "node:fs";
import { PROVISION_FILE } from "./server";

interface Account { id: string; name: string; type: "Client" | "Vendor" | "Operations"; modules: string[] }
interface User { id: string; account: string; name: string; email: string; role: "Administrator" | "Viewer"; password: string }
interface Token {
  id: string;
  account: string;
  name: string;
  description?: string;
  modules: string[];
  status: "Active" | "Disabled";
  createdBy: string;
  createdAt: string;
  lastAccessAt?: string;
}
interface Module {
  id: string;
  name: string;
  code: string;
  description: string;
  accountTypes: string[];
  settings: { default: boolean; configurable: boolean; paid: boolean };
}

export const demo: { modules: Module[]; accounts: Account[]; users: User[]; tokens: Token[] } = JSON.parse(
  readFileSync(PROVISION_FILE, "utf8"),
);

function person(type: Account["type"], role: User["role"]): User {
  const account = demo.accounts.find((candidate) => candidate.type === type);
  const found = demo.users.find((user) => user.account === account?.id && user.role === role);
  if (!found) throw new Error(`the demo has no ${role} in a ${type} account`);
  return found;
}

/** The people that tests sign in as: of Stark Industries unless said otherwise. */
export const WHO = {
  administrator: person("Client", "Administrator"),
  viewer: person("Client", "Viewer"),
  vendor: person("Vendor", "Administrator"),
  operator: person("Operations", "Administrator"),
  operatorViewer: person("Operations", "Viewer"),
} as const;

export type Who = keyof typeof WHO;

/** The tokens of somebody's account, in the order of the file. */
export function tokensOf(who: Who): Token[] {
  return demo.tokens.filter((token) => token.account === WHO[who].account);
}
