import { PageHeader } from "../../ui/page-header.tsx";

export const SetupPage = () => <PageHeader title="Set up Keepwatch" />;
