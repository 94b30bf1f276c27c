/** One entry of `keruta.notify.allowed-hosts`: a name, `*.` before one, an address or a range. */
export function isAllowedHost(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  if (rest.length > 0) return false;
  const isV4 =
    /^\d{1,3}(\.\d{1,3}){3}$/.test(address) && address.split(".").every((part) => Number(part) <= 255);
  const isV6 =
    address.includes(":") && /^[0-9a-f:.]+$/i.test(address) && URL.canParse(`http://[${address}]/`);
  if (bits !== undefined)
    return (isV4 || isV6) && /^\d{1,3}$/.test(bits) && Number(bits) <= (isV4 ? 32 : 128);
  return isV4 || isV6 || /^(\*\.)?[\p{L}\p{N}]([\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u.test(text);
}
