import { getRouteApi } from "@tanstack/react-router";
import { Endpoint } from "./endpoint";
import { Endpoints } from "./endpoints";

const route = getRouteApi("/inside/settings/$section");

export default function Webhooks() {
  const { endpoint_id } = route.useSearch();
  return endpoint_id ? <Endpoint key={endpoint_id} id={endpoint_id} /> : <Endpoints />;
}
