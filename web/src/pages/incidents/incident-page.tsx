import { PageHeader } from "../../ui/page-header.tsx";

export const IncidentPage = () => <PageHeader title="Incident" />;
