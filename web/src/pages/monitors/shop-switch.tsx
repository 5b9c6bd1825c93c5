import { useQuery } from "@tanstack/react-query";
import { useMay } from "../../app/session.ts";
import type { Monitor } from "../../lib/types.ts";
import { sampleShopQuery } from "../setup/queries.ts";
import { SampleShopCard } from "../setup/sample-shop-card.tsx";

/** On the page of a monitor that watches the sample shop's front page: break it and mend it from here. */
export function ShopSwitch({ monitor }: { monitor: Monitor }) {
  const mayEdit = useMay("edit");
  const isOfShop = mayEdit && monitor.labels.sample_shop !== undefined;
  const shop = useQuery({ ...sampleShopQuery, enabled: isOfShop });
  if (!isOfShop || shop.data === undefined || shop.data.url !== monitor.config.url) return null;
  return <SampleShopCard />;
}
