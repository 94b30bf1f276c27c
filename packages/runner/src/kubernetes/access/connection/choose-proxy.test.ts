import { expect, test } from "vitest";
import { chooseProxy } from "./choose-proxy.ts";

const server = new URL("https://api.example.com:6443");

test("the kubeconfig's proxy comes before the environment's", () => {
  const env = { HTTPS_PROXY: "http://env:3128", NO_PROXY: "*" };
  expect(chooseProxy(server, "http://own:1", env)).toBe("http://own:1");
  expect(chooseProxy(server, undefined, { HTTPS_PROXY: "env:3128" })).toBe("http://env:3128");
  expect(chooseProxy(server, undefined, {})).toBeUndefined();
});

test.each([
  ["example.com", true],
  [".example.com", true],
  ["*.example.com", true],
  ["api.example.com:6443", true],
  ["api.example.com:443", false],
  ["ample.com", false],
  ["other.com, example.com", true],
  ["*", true],
])("NO_PROXY=%s", (list, isDirect) => {
  const proxy = chooseProxy(server, undefined, { https_proxy: "http://p:1", no_proxy: list });
  expect(proxy).toBe(isDirect ? undefined : "http://p:1");
});

test.each([
  ["10.1.2.3", "10.0.0.0/8", true],
  ["11.1.2.3", "10.0.0.0/8", false],
  ["127.0.0.1", "", true],
  ["192.168.7.1", "192.168.7.0/33", false],
])("an address %s with NO_PROXY=%s", (host, list, isDirect) => {
  const env = { HTTPS_PROXY: "http://p:1", NO_PROXY: list };
  expect(chooseProxy(new URL(`https://${host}`), undefined, env)).toBe(isDirect ? undefined : "http://p:1");
});
