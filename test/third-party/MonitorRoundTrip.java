import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.xcontent.LoggingDeprecationHandler;
import org.opensearch.common.xcontent.XContentFactory;
import org.opensearch.common.xcontent.XContentType;
import org.opensearch.commons.alerting.model.BucketLevelTrigger;
import org.opensearch.commons.alerting.model.Monitor;
import org.opensearch.commons.alerting.model.QueryLevelTrigger;
import org.opensearch.commons.alerting.model.SearchInput;
import org.opensearch.core.xcontent.NamedXContentRegistry;
import org.opensearch.core.xcontent.ToXContent;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.search.SearchModule;

/** Reads {"id": monitor, …} from stdin, writes {"id": the monitor as OpenSearch stores and gives it back, …} to stdout. */
public class MonitorRoundTrip {
    public static void main(String[] args) throws Exception {
        NamedXContentRegistry registry = registry();
        Map<String, Object> monitors;
        try (XContentParser parser = parser(registry, new String(System.in.readAllBytes(), "UTF-8"))) {
            monitors = parser.map();
        }
        Map<String, Object> found = new TreeMap<>();
        for (Map.Entry<String, Object> entry : monitors.entrySet()) {
            found.put(entry.getKey(), stored(registry, entry.getValue()));
        }
        System.out.println(XContentFactory.jsonBuilder().map(found).toString());
    }

    private static NamedXContentRegistry registry() {
        SearchModule search = new SearchModule(Settings.EMPTY, List.of());
        List<NamedXContentRegistry.Entry> entries = new ArrayList<>(search.getNamedXContents());
        entries.add(SearchInput.Companion.getXCONTENT_REGISTRY());
        entries.add(BucketLevelTrigger.Companion.getXCONTENT_REGISTRY());
        entries.add(QueryLevelTrigger.Companion.getXCONTENT_REGISTRY());
        return new NamedXContentRegistry(entries);
    }

    private static Object stored(NamedXContentRegistry registry, Object monitor) throws Exception {
        @SuppressWarnings("unchecked")
        XContentBuilder json = XContentFactory.jsonBuilder().map((Map<String, Object>) monitor);
        try (XContentParser parser = parser(registry, json.toString())) {
            parser.nextToken();
            Monitor parsed = Monitor.parse(parser, "", 1L);
            String text = parsed.toXContent(XContentFactory.jsonBuilder(), ToXContent.EMPTY_PARAMS).toString();
            try (XContentParser again = parser(registry, text)) {
                return again.map();
            }
        }
    }

    private static XContentParser parser(NamedXContentRegistry registry, String json) throws Exception {
        return XContentType.JSON.xContent().createParser(registry, LoggingDeprecationHandler.INSTANCE, json);
    }
}
